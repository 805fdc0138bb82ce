import type { ChainStep } from './chain-step.ts';

/** Nothing unless a mirror is asked for. Both together are half a turn. */
export const flip: ChainStep = (chain, { turn }) => {
  if (turn.flip) chain.flip();
  if (turn.flop) chain.flop();
  return chain;
};

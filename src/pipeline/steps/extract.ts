import type { ChainStep } from './chain-step.ts';

/** Nothing without a crop before the scale. It makes the decoder read full size: no shrink-on-load. */
export const extractBefore: ChainStep = (chain, { before }) => (before ? chain.extract({ ...before }) : chain);

/** Nothing without a crop behind the scale. sharp takes an extract for this one when a resize stands before it. */
export const extractAfter: ChainStep = (chain, { after }) => (after ? chain.extract({ ...after }) : chain);

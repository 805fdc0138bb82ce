import { colour } from '../colour.ts';
import { withDeadline } from '../deadline.ts';
import { openPixels, toPixels } from '../pixels.ts';
import type { Chain } from '../sharp.ts';
import type { Effect } from './effect.ts';

type ToneOp = 'negate' | 'hue' | 'tint' | 'normalise';

/** Nothing but colours change: one call of the engine each. Alpha stays as it is. */
export const tones: Effect<ToneOp> = (pixels, op, deadline) =>
  toPixels(toned(withDeadline(openPixels(pixels), deadline), op), pixels, 1);

function toned(chain: Chain, op: Parameters<Effect<ToneOp>>[1]): Chain {
  switch (op.op) {
    case 'negate':
      return chain.negate({ alpha: false });
    case 'hue':
      return chain.modulate({ hue: op.degrees });
    case 'tint': {
      const { r, g, b } = colour(op.colour);
      return chain.tint({ r, g, b });
    }
    case 'normalise':
      return chain.normalise();
  }
}

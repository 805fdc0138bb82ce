import { colour } from '../colour.ts';
import { withDeadline } from '../deadline.ts';
import { inColour, openPixels, toPixels } from '../pixels.ts';
import type { Chain } from '../sharp.ts';
import type { Effect } from './effect.ts';

type ToneOp = 'negate' | 'hue' | 'tint' | 'normalise' | 'flatten' | 'median';

/** One call of the engine each. Alpha stays as it is, but for a `flatten` and a `median`. */
export const tones: Effect<ToneOp> = async (pixels, op, deadline) => {
  // On one channel the engine takes the colour for a grey.
  const given = op.op === 'flatten' ? await inColour(pixels, deadline) : pixels;
  return toPixels(toned(withDeadline(openPixels(given), deadline), op), pixels, 1);
};

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
    case 'flatten':
      return chain.flatten({ background: colour(op.colour) });
    case 'median':
      return chain.median(op.size);
  }
}

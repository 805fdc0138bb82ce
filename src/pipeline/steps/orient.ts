import type { ChainStep } from './chain-step.ts';
import { flip } from './flip.ts';

/**
 * Nothing when the picture lies as it should. The turn is given by number and never read from the file's EXIF, so
 * that what was planned is what is done. sharp runs a `rotate` that is called behind the resize behind the resize
 * too, which keeps shrink-on-load (measured: 30 ms for 6 MP to 512, 103 ms with the rotation called first).
 */
export const orient: ChainStep = (chain, segment) => {
  const mirrored = flip(chain, segment);
  return segment.turn.quarter ? mirrored.rotate(90) : mirrored;
};

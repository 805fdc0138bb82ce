import type { Picture, RunOptions } from '../../src/pipeline/run.ts';
import { runPicture } from '../../src/pipeline/run.ts';
import type { Resolved, ResolvedOp } from '../../src/plan/resolved.ts';
import { png } from '../fixtures/pictures.ts';
import { decodePicture, type Raster, runOptions } from './pixels.ts';
import { makeResolved } from './resolved.ts';

/** Runs ops on a raster, by way of a PNG before and behind, and gives the pixels that come out. */
export async function runOps(
  raster: Raster,
  ops: readonly ResolvedOp[],
  options: Partial<RunOptions> = {},
): Promise<Raster> {
  const resolved = makeResolved({ input: { format: 'png', width: raster.width, height: raster.height }, ops });
  return decodePicture(await runPicture(await png(raster), resolved, { ...runOptions, ...options }));
}

/** Runs a hand-made plan on a file. */
export const runFile = (file: Uint8Array, resolved: Resolved, options: Partial<RunOptions> = {}): Promise<Picture> =>
  runPicture(file, resolved, { ...runOptions, ...options });

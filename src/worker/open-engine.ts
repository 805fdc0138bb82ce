import { averageColour } from '../pipeline/average.ts';
import { findTrim } from '../pipeline/find-trim.ts';
import { measure } from '../pipeline/measure.ts';
import { type RunOptions, runPicture } from '../pipeline/run.ts';
import { CostModel } from '../plan/cost.ts';
import { derivation } from '../plan/derivation.ts';
import { explain } from '../plan/explain.ts';
import { checkFrameLimits, checkLimits } from '../plan/header/check-limits.ts';
import { readHeader } from '../plan/header/read-header.ts';
import { operationClass } from '../plan/operation-class.ts';
import { resolve } from '../plan/resolve.ts';
import { PileusError } from '../shared/errors.ts';
import type { Engine, PictureContext } from './engine.ts';

/** The engine itself, with a cost model that learns from this worker's pictures. */
export function openEngine(): Engine {
  const costs = new CostModel();
  return {
    readHeader,
    checkLimits,
    checkFrameLimits,
    resolve,
    derivation,
    predict: (resolved) => costs.predict(resolved),
    leastMs: (resolved) => costs.leastMs(resolved),
    learn: (resolved, actualMs, nowMs) => costs.learn(resolved, actualMs, nowMs),
    explain,
    operationClass,
    runPicture: (source, resolved, context) => runPicture(source, resolved, runOptions(context)),
    findTrim: (source, resolved, trim, context) => findTrim(source, resolved, trim, runOptions(context)),
    runMeasure: (source, resolved, context) => measure(source, resolved, runOptions(context)),
    runAverage: (source, resolved, context) => averageColour(source, resolved, runOptions(context)),
  };
}

const runOptions = ({ assets, options }: PictureContext): RunOptions => ({
  softMs: options.softMs,
  limits: options,
  assets: async (name) => {
    const bytes = assets.get(name);
    if (!bytes) throw new PileusError('internal', { cause: new Error(`the asset ${name} is not loaded`) });
    return bytes;
  },
});

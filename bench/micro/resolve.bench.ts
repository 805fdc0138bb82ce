import { bench, describe } from 'vitest';
import { predictCost } from '../../src/plan/cost.ts';
import { derivation } from '../../src/plan/derivation.ts';
import { resolve } from '../../src/plan/resolve.ts';
import { box, makeContext, makeHeader, makePlan, makeResize } from '../../test/plan/resolve/scene.ts';

/** What every request that misses pays between the header and the first pixel: 30 us at most. */
const plan = makePlan({
  steps: [
    makeResize({ mode: 'cover', size: box(300, 200) }),
    { op: 'sharpen', sigma: 1 },
    { op: 'watermark', asset: 'logo', gravity: 'se', dx: 4, dy: 4, opacity: 60, scalePercent: 10 },
  ],
  encode: { format: 'webp' },
});
const header = makeHeader({ width: 4000, height: 3000, orientation: 6 });
const context = makeContext();
const resolved = resolve(plan, header, context);

describe('from plan to key', () => {
  bench('resolve', () => {
    resolve(plan, header, context);
  });
  bench('derivation', () => {
    derivation('file:1700000000:123456', resolved);
  });
  bench('predictCost', () => {
    predictCost(resolved);
  });
  bench('resolve and derivation', () => {
    derivation('file:1700000000:123456', resolve(plan, header, context));
  });
});

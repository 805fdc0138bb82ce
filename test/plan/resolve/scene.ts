import fc from 'fast-check';
import type { Options } from '../../../src/config/config.ts';
import { optionTable } from '../../../src/config/options.ts';
import type { Header, Orientation } from '../../../src/plan/header.ts';
import type { Compass, EncodeWish, Gravity, Plan, Step } from '../../../src/plan/plan.ts';
import { compassGravity } from '../../../src/plan/plan.ts';
import { type ResolveContext, resolve } from '../../../src/plan/resolve.ts';
import type { Resolved } from '../../../src/plan/resolved.ts';
import type { ErrorCode } from '../../../src/shared/errors.ts';
import { isPileusError } from '../../../src/shared/errors.ts';

/** Defaults of the table, with changes. */
export const makeOptions = (changes: Partial<Options> = {}): Options =>
  ({
    ...Object.fromEntries(Object.entries(optionTable).map(([name, spec]) => [name, spec.default])),
    ...changes,
  }) as Options;

export const makeHeader = (changes: Partial<Header> = {}): Header => ({
  format: 'jpeg',
  width: 1000,
  height: 600,
  frames: 1,
  orientation: 1,
  alpha: false,
  bitsPerChannel: 8,
  space: 'rgb',
  progressive: false,
  icc: false,
  quality: 85,
  lossless: false,
  ...changes,
});

export const makeContext = (changes: Partial<ResolveContext> = {}): ResolveContext => ({
  options: makeOptions(),
  animated: true,
  truncatedOk: false,
  assets: { logo: { name: 'logo', version: 'v1', width: 200, height: 100 } },
  ...changes,
});

export type PlanChanges = Readonly<{
  steps?: readonly Step[];
  encode?: EncodeWish;
  orient?: boolean;
  frames?: Plan['decode']['frames'];
}>;

export const makePlan = (changes: PlanChanges = {}): Plan => ({
  view: 'image',
  decode: { orient: changes.orient ?? true, frames: changes.frames ?? 'auto' },
  steps: changes.steps ?? [],
  encode: changes.encode ?? { format: 'jpg' },
});

export type ResizeStep = Extract<Step, { op: 'resize' }>;

export const makeResize = (changes: Partial<ResizeStep> = {}): ResizeStep => ({
  op: 'resize',
  mode: 'fit',
  size: { by: 'box', w: 300, h: 200 },
  dpr: 1,
  enlarge: 'no',
  gravity: compassGravity('c'),
  rounding: 'nearest',
  ...changes,
});

export const box = (w: number | null, h: number | null): ResizeStep['size'] => ({ by: 'box', w, h });

/** Resolves steps on a picture of this size (a JPEG unless told otherwise). */
export const resolveSteps = (
  steps: readonly Step[],
  header: Partial<Header>,
  context: Partial<ResolveContext> = {},
): Resolved => resolve(makePlan({ steps }), makeHeader(header), makeContext(context));

/** The code that a call throws, or null. */
export function codeOf(act: () => unknown): ErrorCode | null {
  try {
    act();
    return null;
  } catch (error) {
    if (isPileusError(error)) return error.code;
    throw error;
  }
}

const compass = fc.constantFrom<Compass>('nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se');
const gravity: fc.Arbitrary<Gravity> = fc.oneof(
  compass.map(compassGravity),
  fc.record({ kind: fc.constant('focal' as const), x: fc.nat(10_000), y: fc.nat(10_000) }),
  fc.record({ kind: fc.constant('smart' as const), by: fc.constantFrom('attention' as const, 'entropy' as const) }),
);
const side = fc.option(fc.integer({ min: 1, max: 2000 }));
const amount = fc.integer({ min: -100, max: 100 });

const resizeSteps: fc.Arbitrary<Step> = fc.record({
  op: fc.constant('resize' as const),
  mode: fc.constantFrom('fit', 'cover', 'min', 'pad', 'exact', 'aspect'),
  size: fc.oneof(
    fc.record({ by: fc.constant('box' as const), w: side, h: side }),
    fc.record({ by: fc.constant('sides' as const), long: side, short: side }),
    fc.record({ by: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ by: fc.constant('area' as const), pixels: fc.integer({ min: 1, max: 4_000_000 }) }),
  ),
  dpr: fc.integer({ min: 100, max: 300 }).map((hundredths) => hundredths / 100),
  enlarge: fc.constantFrom('no', 'yes', 'only', 'error'),
  gravity,
  rounding: fc.constantFrom('nearest', 'floor'),
});

const otherSteps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    op: fc.constant('region' as const),
    unit: fc.constantFrom('px' as const, 'bp' as const),
    x: fc.nat(4000),
    y: fc.nat(4000),
    w: fc.integer({ min: 1, max: 10_000 }),
    h: fc.integer({ min: 1, max: 10_000 }),
  }),
  fc.constant({ op: 'square' } as const),
  fc.record({ op: fc.constant('flip' as const), horizontal: fc.boolean(), vertical: fc.boolean() }),
  fc.record({ op: fc.constant('rotate' as const), degrees: fc.integer({ min: 0, max: 360 }) }),
  fc.record({ op: fc.constantFrom('blur' as const, 'sharpen' as const), sigma: fc.integer({ min: 0, max: 10 }) }),
  fc.constant({ op: 'grey' } as const),
  fc.record({ op: fc.constant('bitonal' as const), threshold: fc.nat(255) }),
  fc.record({ op: fc.constantFrom('brightness' as const, 'contrast' as const, 'saturation' as const), amount }),
  fc.record({
    op: fc.constant('watermark' as const),
    asset: fc.constant('logo'),
    gravity: compass,
    dx: fc.integer({ min: -50, max: 50 }),
    dy: fc.integer({ min: -50, max: 50 }),
    opacity: fc.nat(100),
    scalePercent: fc.nat(100),
  }),
);

export const anySteps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(resizeSteps, otherSteps), { maxLength: 6 });

export const anyHeader: fc.Arbitrary<Header> = fc
  .record({
    format: fc.constantFrom('jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'),
    width: fc.integer({ min: 1, max: 5000 }),
    height: fc.integer({ min: 1, max: 5000 }),
    frames: fc.constantFrom(1, 1, 3),
    orientation: fc.integer({ min: 1, max: 8 }) as fc.Arbitrary<Orientation>,
    alpha: fc.boolean(),
    progressive: fc.boolean(),
    quality: fc.option(fc.integer({ min: 1, max: 100 })),
  })
  .map((changes) => makeHeader({ ...changes, frames: changes.format === 'jpeg' ? 1 : changes.frames }));

export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    steps: anySteps,
    orient: fc.boolean(),
    frames: fc.constantFrom<Plan['decode']['frames']>('auto', 'auto', 'first', 'all', 0, 1),
    encode: fc.record(
      {
        format: fc.constantFrom('jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'source', 'auto'),
        negotiated: fc.constantFrom('avif', 'webp', 'plain'),
        quality: fc.record({
          kind: fc.constantFrom('absolute', 'source-capped', 'corrected'),
          value: fc.integer({ min: 1, max: 100 }),
        }),
        lossless: fc.boolean(),
        progressive: fc.boolean(),
        bytesMax: fc.integer({ min: 1000, max: 100_000 }),
        background: fc.constantFrom('ffffffff', '000000ff', '00000000', 'ff000080'),
      },
      { requiredKeys: ['format'] },
    ) as fc.Arbitrary<EncodeWish>,
  })
  .map(makePlan);

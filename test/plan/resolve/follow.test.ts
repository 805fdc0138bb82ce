import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/plan/plan.ts';
import { follow } from '../../../src/plan/resolve/follow.ts';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { withOptions } from '../../dialects/imgproxy/kit.ts';
import { draw, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';
import { codeOf, makeHeader, resolveSteps } from './scene.ts';

const stored = { width: 40, height: 30 };
const background = '000000ff';
const move = fc.constantFrom<ResolvedOp>(
  { op: 'orient', orientation: 5 },
  { op: 'orient', orientation: 6 },
  { op: 'flip', horizontal: true, vertical: false },
  { op: 'flip', horizontal: false, vertical: true },
  { op: 'rotate', degrees: 90, background },
  { op: 'rotate', degrees: 270, background },
  { op: 'extract', left: 3, top: 2, width: 22, height: 24 },
  { op: 'extend', left: 2, top: 5, right: 1, bottom: 4, background },
);

/** Where the white pixels are. */
function boxOf(raster: Raster): string {
  let [left, top, right, bottom] = [raster.width, raster.height, 0, 0];
  for (let y = 0; y < raster.height; y++)
    for (let x = 0; x < raster.width; x++) {
      if ((pixelAt(raster, x, y)[0] ?? 0) <= 127) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
  return right === 0 ? 'nothing' : [left, top, right, bottom].join();
}

describe('a rectangle of the source', () => {
  const source = draw(40, 30, 3, (x, y) => (x >= 8 && x < 15 && y >= 6 && y < 10 ? [255, 255, 255] : [0, 0, 0]));
  const rect = { left: 8, top: 6, width: 7, height: 4 };

  /** What the crop cuts away would lie in the border. */
  const cutAndPadded: ResolvedOp[] = [
    { op: 'extract', left: 10, top: 2, width: 22, height: 24 },
    { op: 'extend', left: 5, top: 5, right: 1, bottom: 4, background },
  ];

  it('is followed to where its pixels are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 4 }), async (ops) => {
        // A second one may not fit into what the first has left.
        fc.pre(ops.filter(({ op }) => op === 'extract').length < 2);
        const made = await runOps(source, ops);
        const { left, top, width, height } = follow(rect, stored, ops);
        const [x0, y0] = [Math.max(0, left), Math.max(0, top)];
        const [x1, y1] = [Math.min(made.width, left + width), Math.min(made.height, top + height)];
        expect(boxOf(made)).toBe(x1 > x0 && y1 > y0 ? [x0, y0, x1, y1].join() : 'nothing');
      }),
      { numRuns: 60, examples: [[cutAndPadded]] },
    );
  });

  it('grows and shrinks with a scale', () => {
    const half = { op: 'resize', width: 20, height: 60 } as const;
    expect(follow(rect, stored, [half])).toEqual({ left: 4, top: 12, width: 3.5, height: 8 });
  });

  it.each<ResolvedOp>([
    { op: 'smartcrop', width: 9, height: 9, by: 'attention' },
    { op: 'rotate', degrees: 30, background },
  ])('is lost behind %j', (op) => {
    expect(codeOf(() => follow(rect, stored, [op]))).toBe('operation_unsupported');
  });
});

describe('areas of the source', () => {
  const opsOf = (options: string, orientation: 1 | 6 = 1): readonly ResolvedOp[] =>
    resolveSteps(withOptions(options).plan.steps, makeHeader({ width: 400, height: 200, orientation })).ops;
  const areasOf = (options: string, orientation: 1 | 6 = 1): string =>
    opsOf(options, orientation)
      .flatMap((op) => (op.op === 'redact' ? op.areas : []))
      .map(({ left, top, width, height }) => [left, top, width, height].join())
      .join(' ');
  const corner = 'ba:4:0:0:0.25:0.5';

  it.each([
    [corner, 1, '0,0,100,100'],
    [corner, 6, '100,0,100,100'],
    [`${corner}/rot:90`, 1, '100,0,100,100'],
    [`${corner}/fl:1`, 1, '300,0,100,100'],
    [`${corner}/rot:90/fl:1`, 6, '0,100,100,100'],
    [`${corner}/w:100`, 1, '0,0,25,25'],
    [`${corner}/c:300:200:ea`, 1, ''],
    [`${corner}/c:350:200:ea/w:175`, 1, '0,0,25,50'],
    [`${corner}/rs:fill:100:100`, 1, ''],
    [`${corner}/rs:fill:100:100:0:0/g:we`, 1, '0,0,50,50'],
    [`${corner}/pd:9`, 1, '0,0,100,100'],
    [`${corner}/ar:0`, 1, '0,0,100,100'],
  ] as const)('%s, orientation %i: %s', (options, orientation, areas) => {
    expect(areasOf(options, orientation)).toBe(areas);
  });

  it('are hidden before a crop by content, in its own scale', () => {
    const names = (options: string) => opsOf(options).map(({ op }) => op);
    expect(names(`${corner}/rs:fill:50:50/g:sm`)).toEqual(['resize', 'redact', 'smartcrop']);
    const early = opsOf(`${corner}/c:100:200:sm/w:50`);
    expect(early.map(({ op }) => op)).toEqual(['redact', 'smartcrop', 'resize']);
    expect(early[0]).toMatchObject({ areas: [{ left: 0, top: 0, width: 100, height: 100 }], how: { sigma: 8 } });
  });

  it('that cannot be followed are an error, never shown', () => {
    const redact: Step = {
      op: 'redact',
      areas: [{ x: 0, y: 0, w: 9, h: 9 }],
      how: { by: 'blur', sigma: 3 },
      of: 'source',
    };
    expect(codeOf(() => resolveSteps([{ op: 'rotate', degrees: 30 }, redact], stored))).toBe('operation_unsupported');
  });
});

import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { alphaSquares, gradient, greyJpeg } from '../../fixtures/pictures.ts';
import { decodePicture, difference, draw, near, pixelAt } from '../../helpers/pixels.ts';
import { makeResolved } from '../../helpers/resolved.ts';
import { runFile, runOps } from '../../helpers/run.ts';

const margins = { left: 3, top: 1, right: 5, bottom: 7 } as const;

describe('extend', () => {
  it('adds exactly the margins in exactly the colour', async () => {
    const source = gradient(20, 10);
    const made = await runOps(source, [{ op: 'extend', ...margins, background: '0b1623ff' }]);
    const expected = draw(28, 18, 3, (x, y) =>
      x >= 3 && x < 23 && y >= 1 && y < 11 ? pixelAt(source, x - 3, y - 1) : [11, 22, 35],
    );
    expect(difference(made, expected).max).toBe(0);
  });

  it('without margins changes nothing', async () => {
    const source = gradient(20, 10);
    const op = { op: 'extend', left: 0, top: 0, right: 0, bottom: 0, background: 'ff0000ff' } as const;
    expect(difference(await runOps(source, [op]), source).max).toBe(0);
  });

  it('gives an opaque picture an alpha channel when the background is not opaque', async () => {
    const made = await runOps(gradient(20, 10), [{ op: 'extend', ...margins, background: '0b162380' }]);
    expect(pixelAt(made, 0, 0)).toEqual([11, 22, 35, 128]);
    expect(pixelAt(made, 10, 5)[3]).toBe(255);
  });

  it('pads a scaled picture with alpha in the very colour', async () => {
    const made = await runOps(alphaSquares(), [
      { op: 'resize', width: 16, height: 16 },
      { op: 'extend', ...margins, background: '40c08080' },
    ]);
    expect(near(pixelAt(made, 0, 0), [64, 192, 128, 128], 1)).toBe(true);
  });

  it('pads a grey picture in colour', async () => {
    const file = await greyJpeg(gradient(20, 10));
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 20, height: 10 },
      ops: [{ op: 'extend', ...margins, background: 'ff0000ff' }],
    });
    const made = await decodePicture(await runFile(file, resolved));
    expect(pixelAt(made, 0, 0)).toEqual([255, 0, 0]);
    const [red, green, blue] = pixelAt(made, 10, 5);
    expect([green, blue]).toEqual([red, red]);
  });
});

describe('extend by the picture itself', () => {
  const own = draw(6, 5, 3, (x, y) => [40 * x, 50 * y, 7]);
  const margins = { op: 'extend', left: 3, top: 2, right: 4, bottom: 1, background: 'ffffffff' } as const;
  const mirrored = (at: number, side: number): number => (at < 0 ? -1 - at : at >= side ? 2 * side - 1 - at : at);
  const places = {
    copy: (at: number, side: number) => Math.min(side - 1, Math.max(0, at)),
    repeat: (at: number, side: number) => (at + side) % side,
    mirror: mirrored,
  } as const;

  it.each(['copy', 'repeat', 'mirror'] as const)('by %s', async (fill) => {
    const made = await runOps(own, [{ ...margins, fill }]);
    const of = places[fill];
    const expected = draw(13, 8, 3, (x, y) => pixelAt(own, of(x - 3, 6), of(y - 2, 5)));
    expect([made.width, made.height]).toEqual([13, 8]);
    expect(difference(made, expected).max).toBe(0);
  });

  it('turns with the picture', async () => {
    const ops: ResolvedOp[] = [
      { ...margins, fill: 'copy' },
      { op: 'flip', horizontal: true, vertical: false },
    ];
    const plain = await runOps(own, [{ ...margins, fill: 'copy' }]);
    const made = await runOps(own, ops);
    expect(
      difference(
        made,
        draw(13, 8, 3, (x, y) => pixelAt(plain, 12 - x, y)),
      ).max,
    ).toBe(0);
  });
});

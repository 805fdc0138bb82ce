import { describe, expect, it } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { decode, decodePicture, difference, rearrange } from '../../helpers/pixels.ts';
import { makeResolved } from '../../helpers/resolved.ts';
import { runFile, runOps } from '../../helpers/run.ts';

describe('extract', () => {
  const source = gradient(45, 31);

  it('cuts exactly the rectangle, pixel for pixel', async () => {
    const cut = await runOps(source, [{ op: 'extract', left: 7, top: 5, width: 20, height: 11 }]);
    expect(
      difference(
        cut,
        rearrange(source, 20, 11, (x, y) => [x + 7, y + 5]),
      ).max,
    ).toBe(0);
  });

  it('cuts again inside what was cut before', async () => {
    const cut = await runOps(source, [
      { op: 'extract', left: 7, top: 5, width: 20, height: 11 },
      { op: 'extract', left: 3, top: 2, width: 9, height: 4 },
    ]);
    expect(
      difference(
        cut,
        rearrange(source, 9, 4, (x, y) => [x + 10, y + 7]),
      ).max,
    ).toBe(0);
  });

  it('of the whole picture changes nothing', async () => {
    const cut = await runOps(source, [{ op: 'extract', left: 0, top: 0, width: 45, height: 31 }]);
    expect(difference(cut, source).max).toBe(0);
  });

  it('acts before a scale when it stands before it, and behind it when it stands behind', async () => {
    const before = await runOps(source, [
      { op: 'extract', left: 22, top: 0, width: 22, height: 30 },
      { op: 'resize', width: 11, height: 15 },
    ]);
    const behind = await runOps(source, [
      { op: 'resize', width: 22, height: 15 },
      { op: 'extract', left: 11, top: 0, width: 11, height: 15 },
    ]);
    expect([before.width, before.height, behind.width, behind.height]).toEqual([11, 15, 11, 15]);
    expect(difference(before, behind).mean).toBeLessThan(3);
  });

  it('before a shrink cuts a baseline JPEG where it was told to, not on the grid of reduced sizes', async () => {
    const file = await jpeg(gradient(400, 300));
    const resolved = makeResolved({
      input: { format: 'jpeg', width: 400, height: 300 },
      ops: [
        { op: 'extract', left: 101, top: 53, width: 240, height: 160 },
        { op: 'resize', width: 24, height: 16 },
      ],
    });
    const made = await decodePicture(await runFile(file, resolved));
    const stored = await decode(file);
    const expected = rearrange(stored, 24, 16, (x, y) => [101 + x * 10 + 5, 53 + y * 10 + 5]);
    expect(difference(made, expected).max).toBeLessThanOrEqual(4);
  });
});

import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { mounting, mountOf, parseAt, resolved } from '../oss/mount.ts';

const at = mounting(mountOf('nephele-2015', 'hotel', '/images'));

type Picture = readonly [number, number];
type Rectangle = Readonly<{ left: number; top: number; width: number; height: number }>;

const resolveOn = (suffix: string, [width, height]: Picture) =>
  resolved(parseAt(`/images/fd/hotel/g1/ab_${suffix}.jpg`, at), { width, height });

const sizeOn = (suffix: string, picture: Picture): string => {
  const { width, height } = resolveOn(suffix, picture);
  return `${width}x${height}`;
};

/** What is left of the source, in its own pixels. */
function keptOf(ops: readonly ResolvedOp[], [width, height]: Picture): Rectangle {
  let scale = { x: 1, y: 1 };
  let size = { width, height };
  let kept: Rectangle = { left: 0, top: 0, width, height };
  for (const op of ops) {
    if (op.op === 'resize') {
      scale = { x: (scale.x * op.width) / size.width, y: (scale.y * op.height) / size.height };
      size = op;
    }
    if (op.op === 'extract') {
      kept = {
        left: op.left / scale.x,
        top: op.top / scale.y,
        width: op.width / scale.x,
        height: op.height / scale.y,
      };
      size = op;
    }
  }
  return kept;
}

const wide: Picture = [1000, 600];
const photo: Picture = [640, 427];
const small: Picture = [200, 100];
const tall: Picture = [150, 400];

describe('the golden sizes', () => {
  it.each<[Picture, string, string]>([
    [wide, 'R_300_200', '300x200'],
    [wide, 'C_300_200', '300x200'],
    [wide, 'W_300_200', '300x180'],
    [wide, 'Z_300_200', '300x180'],
    [wide, 'W_600_0', '600x360'],
    [wide, 'W_0_300', '500x300'],
    [wide, 'W_100_100', '100x60'],
    [wide, 'Z_100_100', '100x60'],
    [photo, 'R_300_200', '300x200'],
    [photo, 'C_300_200', '300x200'],
    [photo, 'W_600_0', '600x400'],
    [photo, 'W_0_300', '449x300'],
    [photo, 'W_100_100', '100x66'],
    [photo, 'Z_100_100', '100x66'],
    [small, 'R_300_200', '200x100'],
    [small, 'C_300_200', '300x200'],
    [small, 'W_300_200', '200x100'],
    [small, 'Z_300_200', '300x150'],
    [small, 'W_600_0', '200x100'],
    [small, 'W_0_300', '200x100'],
    [small, 'W_100_100', '100x50'],
    [small, 'Z_100_100', '100x50'],
    [tall, 'R_300_200', '150x200'],
    [tall, 'C_300_200', '300x200'],
    [tall, 'W_300_200', '75x200'],
    [tall, 'Z_300_200', '75x200'],
    [tall, 'W_600_0', '150x400'],
    [tall, 'W_0_300', '112x300'],
    [tall, 'W_100_100', '37x100'],
    [tall, 'Z_100_100', '37x100'],
  ])('%j _%s is %s', (picture, suffix, expected) => {
    expect(sizeOn(suffix, picture)).toBe(expected);
  });

  // The original snaps a side that is less than 3 pixels short of the box to it, and gives 300x200.
  it.each(['W_300_200', 'Z_300_200'])(
    '_%s of 640x427 is one pixel short: sides are not snapped to the box',
    (suffix) => {
      expect(sizeOn(suffix, photo)).toBe('299x200');
    },
  );
});

describe('the golden crops', () => {
  it.each<[Picture, string, Rectangle]>([
    [wide, 'R_300_200', { left: 50, top: 0, width: 900, height: 600 }],
    [wide, 'C_300_200', { left: 50, top: 0, width: 900, height: 600 }],
    [photo, 'R_300_200', { left: 0, top: 0, width: 640, height: 426 }],
    [photo, 'C_300_200', { left: 0, top: 0, width: 640, height: 426 }],
    [small, 'R_300_200', { left: 0, top: 0, width: 200, height: 100 }],
    [small, 'C_300_200', { left: 25, top: 0, width: 150, height: 100 }],
    [tall, 'R_300_200', { left: 0, top: 100, width: 150, height: 200 }],
    [tall, 'C_300_200', { left: 0, top: 150, width: 150, height: 100 }],
  ])('%j _%s keeps %j, to within two pixels', (picture, suffix, expected) => {
    const kept = keptOf(resolveOn(suffix, picture).ops, picture);
    for (const side of ['left', 'top', 'width', 'height'] as const) {
      expect(Math.abs(kept[side] - expected[side]), `${side} ${kept[side]}`).toBeLessThan(2);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask, made, outcome, refusalAt } from './scene.ts';

const picture = { width: 300, height: 200 };
const sized = (size: string, header = picture, at = '/iiif/3') => outcome(`full/${size}/0/default.jpg`, header, at);

describe('a size of version 3', () => {
  // The examples of section 4.2 of the API; limits are 8,192 a side and 25,000,000 pixels.
  it.each([
    ['max', [300, 200]],
    ['150,', [150, 100]],
    [',150', [225, 150]],
    ['pct:50', [150, 100]],
    ['pct:33.3', [100, 67]],
    ['pct:100', [300, 200]],
    ['225,100', [225, 100]],
    ['!225,100', [150, 100]],
    ['!1000,100', [150, 100]],
    ['300,', [300, 200]],
    ['1,', [1, 1]],
    ['^360,', [360, 240]],
    ['^,240', [360, 240]],
    ['^pct:120', [360, 240]],
    ['^360,360', [360, 360]],
    ['^!360,360', [360, 240]],
    ['^150,', [150, 100]],
    ['^!225,100', [150, 100]],
    ['^max', [6124, 4082]],
    ['^!999999,999999', [6124, 4082]],
  ])('%s of 300x200 is %j', (size, expected) => {
    expect(sized(size)).toEqual(expected);
  });

  it.each([
    '301,',
    ',201',
    'pct:101',
    '301,100',
    '100,201',
    '!301,201',
    '!2000,3000',
    '^,8000',
    '^8192,8192',
    '^pct:9000',
  ])('%s of 300x200 is 400', (size) => {
    expect(sized(size)).toBe(400);
  });

  it('that enlarges is refused by resolving alone: no source is known to the parser', () => {
    expect(ask('/iiif/3/a.jpg/full/301,/0/default.jpg').plan.steps).toMatchObject([{ enlarge: 'error' }]);
  });

  it('may be written with an encoded caret and commas', () => {
    expect(sized('%5E360%2C')).toEqual([360, 240]);
  });

  it('is that of the region', () => {
    expect(outcome('0,0,100,100/50,/0/default.jpg', picture)).toEqual([50, 50]);
    expect(outcome('0,0,100,100/101,/0/default.jpg', picture)).toBe(400);
  });

  it.each([
    ['max', { width: 2000, height: 500 }, [1000, 250]],
    ['^max', { width: 100, height: 50 }, [1000, 500]],
    ['max', { width: 900, height: 500 }, [900, 500]],
    ['!4000,4000', { width: 2000, height: 500 }, [1000, 250]],
    ['pct:80', { width: 2000, height: 500 }, 400],
    ['1001,', { width: 2000, height: 500 }, 400],
    ['1000,', { width: 2000, height: 4000 }, 400],
  ])('%s of %j keeps to maxWidth 1000', (size, header, expected) => {
    expect(sized(size, header, '/narrow')).toEqual(expected);
  });

  it.each([
    ['max', { width: 10_000, height: 10_000 }, [5000, 5000]],
    ['max', { width: 16_000, height: 1000 }, [8192, 512]],
    ['^!8192,8192', { width: 100, height: 100 }, [5000, 5000]],
    ['^!8192,4000', { width: 100, height: 100 }, [4000, 4000]],
    ['!8192,8192', { width: 10_000, height: 10_000 }, [5000, 5000]],
  ])('%s of %j keeps to maxArea', (size, header, expected) => {
    expect(sized(size, header)).toEqual(expected);
  });

  it('max and ^max never pass the limits, and one of them binds ^max', () => {
    const side = fc.integer({ min: 1, max: 16_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const max = made('full/max/0/default.jpg', { width, height });
        expect([max.width <= width, max.height <= height]).toEqual([true, true]);
        const up = made('full/^max/0/default.jpg', { width, height });
        // What rounding to whole pixels may leave of either limit, for strips the more.
        const slack = Math.max(up.width, up.height) / Math.min(up.width, up.height) + 2;
        const isLongest = Math.max(up.width, up.height) >= 8192 - slack;
        const isLargest = (up.width + slack) * (up.height + slack) >= 25_000_000;
        expect(isLongest || isLargest).toBe(true);
      }),
    );
  });

  it('every tile of info.json can be had in one step', () => {
    const sides = fc.integer({ min: 1, max: 9000 });
    fc.assert(
      fc.property(sides, sides, fc.nat(30), fc.nat(30), fc.nat(5), (width, height, column, row, level) => {
        // The calculation of the implementation notes, section 3.
        const factor = 2 ** level;
        const x = column * 512 * factor;
        const y = row * 512 * factor;
        fc.pre(x < width && y < height);
        const w = Math.min(512 * factor, width - x);
        const h = Math.min(512 * factor, height - y);
        const tile = [Math.ceil(w / factor), Math.ceil(h / factor)];
        expect(outcome(`${x},${y},${w},${h}/${tile.join(',')}/0/default.jpg`, { width, height })).toEqual(tile);
      }),
    );
  });

  it.each([
    '',
    'full',
    'Max',
    '^',
    '^^max',
    'max^',
    '!max',
    '^full',
    '100',
    ',',
    '!,',
    '!100,',
    '!,100',
    '100,100,100',
    '0,',
    ',0',
    '0,0',
    '-1,',
    '1.5,',
    '1e2,',
    '8193,',
    ',8193',
    '8192,8192',
    '!^100,100',
    '!1000001,1',
    `${'9'.repeat(400)},`,
    'pct:',
    'pct:0',
    'pct:0.0',
    'pct:-5',
    'pct:100.1',
    'pct:50%',
    'pct:5e1',
    'pct:Infinity',
    '^pct:819201',
    'pct:^50',
  ])('spelled "%s" is refused before anything is read', (size) => {
    expect(refusalAt(`/iiif/3/a.jpg/full/${encodeURIComponent(size)}/0/default.jpg`).code).toBe('bad_value');
  });
});

describe('the settings of a mount', () => {
  it('without upscaling ^ is not implemented, and all else as ever', () => {
    for (const size of ['^max', '^100,', '^!1,1', '^pct:50']) expect(sized(size, picture, '/iiif/3strict')).toBe(501);
    expect(sized('max', picture, '/iiif/3strict')).toEqual([300, 200]);
  });

  it('confined: keep gives a small region as it is', () => {
    expect(sized('!2000,3000', picture, '/iiif/3keep')).toEqual([300, 200]);
    expect(sized('!150,150', picture, '/iiif/3keep')).toEqual([150, 100]);
    expect(sized('301,', picture, '/iiif/3keep')).toBe(400);
  });
});

describe('a size of version 2', () => {
  it.each([
    ['full', [300, 200]],
    ['max', [300, 200]],
    ['150,', [150, 100]],
    [',150', [225, 150]],
    ['pct:50', [150, 100]],
    ['225,100', [225, 100]],
    ['!225,100', [150, 100]],
    ['301,', 400],
    ['pct:101', 400],
    ['^150,', 400],
    ['^max', 400],
  ])('%s of 300x200 is %j', (size, expected) => {
    expect(sized(size, picture, '/iiif/2')).toEqual(expected);
  });

  it('full is never scaled, max is', () => {
    const large = { width: 10_000, height: 10_000 };
    expect(sized('full', large, '/iiif/2')).toBe(400);
    expect(sized('max', large, '/iiif/2')).toEqual([5000, 5000]);
  });

  it.each([
    ['600,', [600, 400]],
    [',400', [600, 400]],
    ['pct:200', [600, 400]],
    ['600,100', [600, 100]],
    ['!600,600', [600, 400]],
    ['max', [300, 200]],
    ['full', [300, 200]],
    ['^600,', 400],
  ])('with upscaling %s is %j', (size, expected) => {
    expect(sized(size, picture, '/iiif/2up')).toEqual(expected);
  });
});

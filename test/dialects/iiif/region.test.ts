import { describe, expect, it } from 'vitest';
import { made, outcome, refusalAt } from './scene.ts';

const picture = { width: 300, height: 200 };
const regionOf = (region: string, header = picture) => made(`${region}/max/0/default.jpg`, header).ops;

describe('a region', () => {
  it('that is full is no op', () => {
    expect(regionOf('full')).toEqual([]);
    expect(regionOf('0,0,300,200')).toEqual([]);
    expect(regionOf('pct:0,0,100,100')).toEqual([]);
  });

  // The examples of section 4.1, and edges.
  it.each([
    ['125,15,120,140', [125, 15, 120, 140]],
    ['pct:41.6,7.5,40,70', [125, 15, 120, 140]],
    ['125,15,200,200', [125, 15, 175, 185]],
    ['pct:41.6,7.5,66.6,100', [125, 15, 175, 185]],
    ['pct:41.6,7.5,500,500', [125, 15, 175, 185]],
    ['square', [50, 0, 200, 200]],
    ['299,199,1,1', [299, 199, 1, 1]],
    ['pct:.5,0.5,33.3333333333,10', [2, 1, 99, 20]],
    ['007,0,010,10', [7, 0, 10, 10]],
  ])('%s lies at %j', (region, [left, top, width, height]) => {
    expect(regionOf(region)).toEqual([{ op: 'extract', left, top, width, height }]);
  });

  it('is cut from the upright picture', () => {
    const { ops, width, height } = made('0,0,200,300/max/0/default.jpg', { ...picture, orientation: 6 });
    expect(ops).toEqual([{ op: 'orient', orientation: 6 }]);
    expect([width, height]).toEqual([200, 300]);
  });

  it('outside the picture is 400 once the source is known', () => {
    for (const region of ['300,0,10,10', '0,200,10,10', 'pct:100,0,10,10', '1000000,0,1,1']) {
      expect(outcome(`${region}/max/0/default.jpg`, picture)).toBe(400);
    }
  });

  it.each([
    '',
    'Full',
    'full,',
    'square1',
    '1,2,3',
    '1,2,3,4,5',
    '1,2,0,4',
    '1,2,3,0',
    '-1,2,3,4',
    '+1,2,3,4',
    '1.5,2,3,4',
    '1e3,2,3,4',
    '0x1,2,3,4',
    ' 1,2,3,4',
    '1,2,3,NaN',
    '1,2,3,1000001',
    `1,2,3,${'9'.repeat(400)}`,
    'pct:',
    'pct:1,2,3',
    'pct:1,2,3,0',
    'pct:1,2,3,0.0',
    'pct:-1,2,3,4',
    'pct:101,2,3,4',
    'pct:1,2,3,1001',
    'pct:1.,2,3,4',
    'pct:1e1,2,3,4',
    'pct:1.12345678901,2,3,4',
    'pct:Infinity,2,3,4',
    'pct:١,2,3,4',
  ])('spelled "%s" is refused before anything is read', (region) => {
    expect(refusalAt(`/iiif/3/a.jpg/${encodeURIComponent(region)}/max/0/default.jpg`).code).toBe('bad_value');
  });
});

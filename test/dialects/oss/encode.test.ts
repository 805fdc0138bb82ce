import { describe, expect, it } from 'vitest';
import { truncatedSigma } from '../../../src/dialects/oss/tones.ts';
import { refusal } from '../native/sample-config.ts';
import { parseProcess, resolveActions } from './mount.ts';

const encodeOf = (actions: string) => parseProcess(`image/${actions}`).plan.encode;

describe('what is written', () => {
  it.each([
    ['resize,w_1', { format: 'source', progressive: false, quality: { kind: 'source-capped', value: 90 } }],
    ['format,jpg', { format: 'jpg', progressive: false, quality: { kind: 'source-capped', value: 90 } }],
    ['format,png', { format: 'png', progressive: false }],
    ['format,webp', { format: 'webp', progressive: false }],
    ['format,gif', { format: 'gif', progressive: false }],
    ['format,tiff', { format: 'tif', progressive: false }],
    ['format,avif', { format: 'avif', progressive: false }],
    ['interlace,1/format,png', { format: 'png', progressive: true }],
    ['format,png/interlace,0', { format: 'png', progressive: false }],
    ['quality,Q_80', { format: 'source', progressive: false, quality: { kind: 'source-capped', value: 80 } }],
    ['quality,q_70', { format: 'source', progressive: false, quality: { kind: 'source-capped', value: 70 } }],
    ['quality,q_70,Q_80', { format: 'source', progressive: false, quality: { kind: 'source-capped', value: 80 } }],
    ['resize,m_pad,w_9,color_FF0080/format,png', { format: 'png', progressive: false, background: 'ff0080ff' }],
  ])('%s', (actions, encode) => {
    expect(encodeOf(actions)).toEqual(encode);
  });

  it.each([
    [60, 60],
    [85, 80],
    [null, 80],
  ])('quality 80 of a source of %s is %i', (source, expected) => {
    expect(resolveActions('quality,Q_80', 400, 267, { quality: source }).encode.quality).toBe(expected);
  });

  it.each([
    [60, 60],
    [99, 90],
  ])('without an action, a source of quality %i is written with %i', (source, expected) => {
    expect(resolveActions('resize,w_100', 400, 267, { quality: source }).encode.quality).toBe(expected);
  });

  it('keeps animations', () => {
    expect(resolveActions('resize,w_100', 400, 267, { format: 'gif', frames: 3 })).toMatchObject({
      frames: 3,
      encode: { format: 'gif' },
    });
  });
});

describe('one background', () => {
  it.each([
    'resize,m_pad,w_9,color_FF0000/rotate,45',
    'resize,m_pad,w_9,color_FF0000/circle,r_9',
    'rounded-corners,r_9/resize,m_pad,w_9,color_FF0000',
    'resize,m_pad,w_9,color_FF0000/resize,m_pad,w_9,color_00FF00',
    'resize,m_pad,w_9,color_FF0000/resize,m_pad,w_9',
  ])('%s would need two', (actions) => {
    expect(refusal(() => encodeOf(actions)).code).toBe('operation_unsupported');
  });

  it.each([
    'resize,m_pad,w_9,color_FF0000/rotate,90',
    'resize,m_pad,w_9,color_FF0000/circle,r_9/format,png',
    'resize,m_pad,w_9,color_FF0000/resize,m_pad,w_9,color_ff0000',
  ])('%s needs one', (actions) => {
    expect(encodeOf(actions).background).toBe('ff0000ff');
  });
});

describe('the deviation of a truncated Gaussian', () => {
  it('is that of a box where the Gaussian is much wider than its reach', () => {
    expect(truncatedSigma(1, 50)).toBeCloseTo(Math.sqrt(2 / 3), 2);
    expect(truncatedSigma(50, 50)).toBeLessThan(Math.sqrt((50 * 51) / 3));
  });

  it('is the Gaussian own where it reaches far', () => {
    for (const sigma of [1, 5, 10]) expect(truncatedSigma(50, sigma)).toBeCloseTo(sigma, 1);
  });
});

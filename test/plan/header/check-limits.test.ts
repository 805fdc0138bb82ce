import { describe, expect, it } from 'vitest';
import { checkFrameLimits, checkLimits, type SourceLimits } from '../../../src/plan/header/check-limits.ts';
import type { Header } from '../../../src/plan/header.ts';
import { frame, headerOf, jpeg, scan } from './builders.ts';

const limits: SourceLimits = {
  svgBytesMax: 0,
  sourceSideMax: 1000,
  sourcePixelsMax: 50_000,
  sourceWholePixelsMax: 20_000,
  framesMax: 10,
};

const header = (width: number, height: number, more: Partial<Header> = {}): Header => ({
  ...headerOf(jpeg(frame(), scan())),
  width,
  height,
  ...more,
});

describe('an SVG', () => {
  it('is refused where none are read, whatever its size', () => {
    const drawing = header(4, 4, { format: 'svg' });
    expect(checkLimits(drawing, limits)?.code).toBe('unsupported_format');
    expect(checkLimits(drawing, { ...limits, svgBytesMax: 1 })).toBeNull();
  });
});

describe('limits of a frame', () => {
  it.each([
    ['a side at its bound', header(1000, 50), null],
    ['a side over it', header(1001, 1), 'sourceSideMax'],
    ['the other side over it', header(1, 1001), 'sourceSideMax'],
    ['pixels at their bound', header(500, 100), null],
    ['pixels over it', header(501, 100), 'sourcePixelsMax'],
    ['a progressive picture at its bound', header(200, 100, { progressive: true }), null],
    ['a progressive picture over it', header(201, 100, { progressive: true }), 'sourceWholePixelsMax'],
    ['an AVIF over it', header(201, 100, { format: 'avif' }), 'sourceWholePixelsMax'],
    ['a WebP over it', header(201, 100, { format: 'webp' }), 'sourceWholePixelsMax'],
    ['a long animation of small frames', header(200, 100, { format: 'gif', frames: 40_000 }), null],
  ])('%s', (_name, subject, option) => {
    const error = checkLimits(subject, limits);
    expect(error?.code ?? null).toBe(option === null ? null : 'source_too_many_pixels');
    if (option !== null) expect(error?.detail).toContain(option);
  });

  it('says the numbers', () => {
    expect(checkLimits(header(501, 100), limits)?.detail).toBe('501 x 100 = 50100 is over 50000 (sourcePixelsMax).');
  });
});

describe('limits of an animation', () => {
  it.each([
    ['frames at their bound', 10, null],
    ['frames over it', 11, 'source_too_many_frames'],
  ])('%s', (_name, pages, code) => {
    expect(checkFrameLimits(header(5, 5), { page: 0, pages }, limits)?.code ?? null).toBe(code);
  });

  it('bounds the pixels of all frames together', () => {
    expect(checkFrameLimits(header(100, 100), { page: 0, pages: 5 }, limits)).toBeNull();
    expect(checkFrameLimits(header(100, 100), { page: 0, pages: 6 }, limits)).toMatchObject({
      code: 'source_too_many_pixels',
      detail: '6 frames of 100 x 100 = 60000 are over 50000 (sourcePixelsMax).',
    });
  });

  it.each([
    ['gif', 9, null],
    ['gif', 10, 'source_too_many_frames'],
    ['webp', 10, 'source_too_many_frames'],
    ['tiff', 10, null],
  ] as const)('one frame of a %s counts with those that are decoded before it: %i', (format, page, code) => {
    expect(checkFrameLimits(header(5, 5, { format }), { page, pages: 1 }, limits)?.code ?? null).toBe(code);
  });

  it('bounds the pixels that are decoded for a late frame', () => {
    const late = checkFrameLimits(header(100, 100, { format: 'gif' }), { page: 5, pages: 1 }, limits);
    expect(late?.code).toBe('source_too_many_pixels');
  });

  it('bounds the pages that are held together as one picture', () => {
    const stack = (pages: number, more: object = { stacked: true }) =>
      checkFrameLimits(header(100, 100, { format: 'tiff', frames: 9 }), { page: 0, pages, ...more }, limits);
    expect(stack(2)).toBeNull();
    expect(stack(3)).toMatchObject({
      code: 'source_too_many_pixels',
      detail: '3 pages of 100 x 100 = 30000 are over 20000 for pages that are held together (sourceWholePixelsMax).',
    });
    expect(stack(3, {})).toBeNull();
  });
});

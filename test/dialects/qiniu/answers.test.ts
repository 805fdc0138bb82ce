import { describe, expect, it } from 'vitest';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import { noDetails } from '../../../src/plan/header/details.ts';
import type { Header } from '../../../src/plan/header.ts';
import { type ErrorCode, errorTable, PileusError } from '../../../src/shared/errors.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { configWith, errorAt, gopher, parseUrl, resolveUrl } from '../fop/scene.ts';

const config = configWith('qiniu');
const facts = (header: Partial<Header> = {}) => ({
  version: 'v1',
  bytes: 214_513,
  header: makeHeader({ ...gopher, ...header }),
  modifiedMs: null,
});

describe('imageInfo', () => {
  const infoOf = (header: Partial<Header>) => {
    const { report, view } = parseUrl('/hotel/a.jpg?imageInfo', config).plan;
    expect(view).toBe('info');
    const { body, contentType } = reportWriter(report?.as ?? '')(facts(header), report?.args ?? {});
    expect(contentType).toBe('application/json');
    return JSON.parse(body);
  };

  it('tells the stored size', () => {
    expect(infoOf({})).toEqual({ size: 214_513, format: 'jpeg', width: 640, height: 427, colorModel: 'ycbcr' });
  });

  it('names an orientation, and counts the frames of a GIF', () => {
    expect(infoOf({ orientation: 6 })).toMatchObject({ width: 640, height: 427, orientation: 'Right-top' });
    expect(infoOf({ format: 'gif', frames: 3 })).toMatchObject({ frameNumber: 3, colorModel: 'palette256' });
  });

  it.each([
    [{ space: 'grey' }, 'gray'],
    [{ space: 'cmyk' }, 'cmyk'],
    [{ format: 'png' }, 'rgba'],
    [{ format: 'png', alpha: true }, 'nrgba'],
    [{ format: 'png', alpha: true, bitsPerChannel: 16 }, 'nrgba64'],
    [{ format: 'png', space: 'grey', bitsPerChannel: 16 }, 'gray16'],
    [{ format: 'webp', alpha: true }, 'nycbcra'],
  ] as const)('%j is %s', (header, colorModel) => {
    expect(infoOf(header).colorModel).toBe(colorModel);
  });
});

describe('exif', () => {
  it('tells the orientation in words', () => {
    const { report } = parseUrl('/hotel/a.jpg?exif', config).plan;
    const write = reportWriter(report?.as ?? '');
    expect(JSON.parse(write(facts({ orientation: 3 }), {}).body)).toEqual({
      Orientation: { val: 'Bottom-right', type: 3 },
    });
    expect(JSON.parse(write(facts(), {}).body)).toEqual({});
  });

  it('tells every field but the place', () => {
    const { report } = parseUrl('/hotel/a.jpg?exif', config).plan;
    expect(report?.details).toBe(true);
    const exif = [
      { group: 'image', name: 'Make', type: 2, value: 'Tin' },
      { group: 'image', name: 'Orientation', type: 3, value: '1' },
      { group: 'photo', name: 'ExposureTime', type: 5, value: '1/60' },
      { group: 'gps', name: 'GPSLatitude', type: 5, value: '46/1, 30/1, 0/1' },
    ] as const;
    expect(JSON.parse(reportWriter('qiniu/exif')(facts(), {}, { ...noDetails, exif }).body)).toEqual({
      Make: { val: 'Tin', type: 2 },
      ExposureTime: { val: '1/60', type: 5 },
    });
  });
});

describe('imageAve', () => {
  it.each(['qiniu', 'tencent'])('of %s is the mean colour', (grammar) => {
    const { plan } = parseUrl('/hotel/a.jpg?imageAve', configWith(grammar));
    expect(plan).toMatchObject({
      view: 'measured',
      measures: { average: true },
      report: { as: `${grammar}/imageAve` },
    });
    const average = { r: 133, g: 6, b: 77, a: 255 };
    const { body, contentType } = reportWriter(plan.report?.as ?? '')(facts(), {}, noDetails, { average });
    expect([contentType, JSON.parse(body)]).toEqual(['application/json', { RGB: '0x85064d' }]);
  });
});

describe('imageslim', () => {
  it.each([
    ['qiniu', 'imageslim', 85, 75],
    ['qiniu', 'imageMogr2/quality/90|imageslim', 60, 60],
    ['tencent', 'imageSlim', 85, 75],
  ] as const)('of %s, %s of a source of %i', (grammar, chain, quality, wanted) => {
    const { encode, ops } = resolveUrl(`/hotel/a.jpg?${chain}`, configWith(grammar), { ...gopher, quality });
    expect(encode).toMatchObject({ format: 'jpg', quality: wanted, metadata: 'none' });
    expect(ops).toEqual([]);
  });
});

describe('errors', () => {
  const statusOf = (code: ErrorCode) => errorAt('/hotel/a.jpg?imageInfo', config, new PileusError(code))?.status;

  it.each([
    ['bad_value', 400],
    ['bad_operation', 400],
    ['signature_missing', 401],
    ['signature_invalid', 401],
    ['signature_expired', 401],
    ['original_protected', 403],
    ['not_allowed', 403],
    ['not_found', 404],
    ['source_not_found', 404],
    ['source_too_large', 400],
    ['result_too_large', 400],
    ['not_an_image', 400],
    ['undecodable', 400],
    ['source_mismatch', 400],
    ['mark_unusable', 400],
    ['operation_unsupported', 400],
    ['quota_exceeded', 573],
    ['overloaded', 503],
    ['draining', 503],
    ['origin_failed', 478],
    ['origin_timeout', 504],
    ['processing_deadline', 599],
    ['internal', 599],
    ['worker_crashed', 599],
  ] as const)('%s is %i', (code, status) => {
    expect(statusOf(code)).toBe(status);
  });

  it('are JSON of status and sentence, never kept, whatever they are', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const error = new PileusError(code, { detail: 'Said <"so">.' });
      const answer = errorAt('/hotel/a.jpg?imageInfo', config, error);
      expect(answer).toMatchObject({
        contentType: 'application/json',
        headers: { 'cache-control': 'no-store', 'x-reqid': 'request-1' },
      });
      expect(JSON.parse(answer?.body ?? '')).toEqual({ code: answer?.status, error: error.message });
    }
  });
});

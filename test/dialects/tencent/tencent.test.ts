import { describe, expect, it } from 'vitest';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import type { Header } from '../../../src/plan/header.ts';
import { type ErrorCode, errorTable, PileusError } from '../../../src/shared/errors.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { base64, configWith, errorAt, gopher, parseUrl, publishedSizes, resolverOf, sizerOf } from '../fop/scene.ts';
import { refusal } from '../native/sample-config.ts';

const config = configWith('tencent', { settings: { styles: { small: 'imageMogr2/thumbnail/100x' } } });
const resolved = resolverOf(config);
const sizeOf = sizerOf(config);
const planOf = (chain: string) => parseUrl(`/hotel/a.jpg?${chain}`, config).plan;
const codeOf = (chain: string) => refusal(() => planOf(chain)).code;

describe('the published vectors on 640x427', () => {
  it.each<readonly [string, string]>([
    ...publishedSizes,
    ['imageMogr2/thumbnail/!75px', '480x427'],
    ['imageMogr2/thumbnail/!x75p', '640x320'],
    ['imageMogr2/crop/!300x300a30a100', '300x300'],
    ['imageMogr2/crop/!300x300a30-100', '300x200'],
    ['imageMogr2/crop/!300x300-30a100', '270x300'],
    ['imageMogr2/crop/!300x300-30-100', '270x200'],
  ])('%s gives %s', (chain, size) => {
    expect(sizeOf(chain)).toBe(size);
  });

  it.each([
    ['imageView2/1/w/500/h/400', 1000, 500, '500x400'],
    ['imageView2/2/w/500/h/400', 1000, 500, '500x250'],
    ['imageView2/3/w/500/h/400', 1000, 500, '800x400'],
    ['imageMogr2/thumbnail/!25p', 1920, 1200, '480x300'],
    ['imageMogr2/thumbnail/500x', 1920, 1200, '500x313'],
    ['imageMogr2/thumbnail/400x400', 1920, 1200, '400x250'],
    ['imageMogr2/thumbnail/400x400/pad/1/color/IzU1NTU1NQ', 1920, 1200, '400x400'],
  ])('%s on %ix%i gives %s', (chain, width, height, size) => {
    expect(sizeOf(chain, { width, height })).toBe(size);
  });
});

describe('quality', () => {
  it.each([
    ['imageMogr2/strip', 85, 85],
    ['imageMogr2/strip', 40, 40],
    ['imageMogr2/strip', 97, 90],
    ['imageMogr2/strip', null, 90],
    ['imageMogr2/quality/70', 85, 70],
    ['imageMogr2/quality/70', 60, 60],
    ['imageMogr2/quality/70!', 60, 70],
    ['imageView2/2/w/320/q/80', 60, 60],
  ])('%s of a source of %s is %i', (chain, quality, result) => {
    expect(resolved(chain, { ...gopher, quality }).encode.quality).toBe(result);
  });
});

describe('crop', () => {
  it('scales down until it covers the window, around the centre', () => {
    expect(resolved('imageMogr2/crop/300x400', { width: 1000, height: 1000 }).ops).toEqual([
      { op: 'resize', width: 400, height: 400 },
      { op: 'extract', left: 50, top: 0, width: 300, height: 400 },
    ]);
  });

  it('holds on to the gravity wherever that stands', () => {
    const before = planOf('imageMogr2/gravity/northwest/crop/300x400');
    expect(planOf('imageMogr2/crop/300x400/gravity/northwest')).toEqual(before);
    expect(before.steps).toMatchObject([{ gravity: { at: 'nw' } }]);
  });

  it('with one side scales nothing', () => {
    expect(resolved('imageMogr2/crop/300x').ops).toEqual([
      { op: 'extract', left: 170, top: 0, width: 300, height: 427 },
    ]);
  });
});

describe('cut', () => {
  it.each([
    ['cut/300x200x100x10', { left: 100, top: 10 }],
    ['cut/300x200x100x10/gravity/southeast', { left: 240, top: 217 }],
    // Along a centred axis the distance does not count.
    ['cut/300x200x100x10/gravity/center', { left: 170, top: 114 }],
    ['cut/300x200x100x10/gravity/north', { left: 170, top: 10 }],
    ['cut/300x200x100x10/gravity/west', { left: 100, top: 114 }],
  ])('%s', (options, at) => {
    expect(resolved(`imageMogr2/${options}`).ops).toEqual([{ op: 'extract', ...at, width: 300, height: 200 }]);
  });
});

describe('operations of its own', () => {
  it.each([
    ['rradius/100', [{ op: 'round', rx: 100, ry: 100 }]],
    [
      'iradius/200',
      [
        { op: 'extract', left: 120, top: 14, width: 400, height: 400 },
        { op: 'round', rx: 200, ry: 200 },
      ],
    ],
    ['flip/vertical', [{ op: 'flip', horizontal: false, vertical: true }]],
    ['flip/horizontal', [{ op: 'flip', horizontal: true, vertical: false }]],
    ['bright/-30', [{ op: 'brightness', amount: -30 }]],
    ['contrast/50', [{ op: 'contrast', amount: 50 }]],
    ['sharpen/70', [{ op: 'sharpen', sigma: 0.7 }]],
    ['grayscale/1', [{ op: 'grey' }]],
    ['grayscale/0', []],
    ['rotate/0', []],
    ['blur/50x3', [{ op: 'blur', sigma: 3 }]],
  ])('%s', (options, ops) => {
    expect(resolved(`imageMogr2/${options}`).ops).toEqual(ops);
  });

  it('pads in its grey, or the colour that is named, only what fits a box', () => {
    expect(resolved('imageMogr2/thumbnail/600x600/pad/1').ops.at(-1)).toMatchObject({ background: '3d3d3dff' });
    const named = resolved(`imageMogr2/pad/1/color/${base64('#555555')}/thumbnail/600x600`);
    expect(named.ops.at(-1)).toEqual({
      op: 'extend',
      left: 0,
      right: 0,
      top: 100,
      bottom: 100,
      background: '555555ff',
    });
    expect(sizeOf('imageMogr2/thumbnail/600x600>/pad/1')).toBe('600x400');
    expect(sizeOf('imageMogr2/thumbnail/600x600/pad/0')).toBe('600x400');
  });

  it('imageView2 leaves the orientation as it is', () => {
    expect(planOf('imageView2/2/w/100').decode.orient).toBe(false);
    expect(planOf('imageView2/2/w/100').encode.metadata).toBe('all');
    expect(planOf('imageMogr2/auto-orient|imageView2/2/w/100').decode.orient).toBe(true);
  });
});

describe('watermark/2', () => {
  it('is drawn in a registered font, and tiled where it is asked for', () => {
    const font = `font/${base64('sans')}`;
    const text = { op: 'text', text: '水印', font: 'sans', colour: '3d3d3dff', opacity: 90, gravity: 'se' };
    expect(planOf(`watermark/2/text/${base64('水印')}/${font}`).steps).toEqual([{ ...text, size: 13, dx: 0, dy: 0 }]);
    expect(planOf(`watermark/2/text/${base64('水印')}/${font}/fontsize/40/batch/1/degree/45/dx/9`).steps).toEqual([
      {
        ...text,
        size: 40,
        dx: 9,
        dy: 0,
        degrees: 45,
        tile: { x: { by: 'start', gap: 9 }, y: { by: 'start', gap: 0 } },
      },
    ]);
  });
});

describe('watermark/1', () => {
  it('is nearly opaque and in the corner unless told otherwise', () => {
    expect(planOf(`watermark/1/image/${base64('logo')}`).steps).toEqual([
      { op: 'watermark', asset: 'logo', gravity: 'se', dx: 0, dy: 0, opacity: 90, scalePercent: 0 },
    ]);
  });

  it('is moved only from an edge, and sized by the width in thousandths', () => {
    const chain = `watermark/1/image/${base64('logo')}/gravity/north/dx/5/dy/7/scatype/1/spcent/125`;
    expect(planOf(chain).steps).toMatchObject([{ dx: 0, dy: 7, scalePercent: 12.5 }]);
  });
});

describe('a URL', () => {
  it('names a style behind a slash', () => {
    expect(parseUrl('/hotel/a/b.jpg/small', config)).toMatchObject({ source: { key: 'a/b.jpg' }, presets: ['small'] });
    expect(parseUrl('/hotel/a/b.jpg', config).plan.view).toBe('original');
  });

  it('of a namespace with keys is refused unsigned', () => {
    const fd = configWith('tencent', { namespace: 'fd' });
    expect(refusal(() => parseUrl('/fd/a.jpg?imageMogr2/strip', fd)).code).toBe('signature_missing');
  });

  it.each([
    ['q-sign-algorithm=sha1&q-signature=x&imageMogr2/strip', 'operation_unsupported'],
    ['imageMogr2/rquality/80', 'operation_unsupported'],
    ['imageMogr2/lquality/80', 'operation_unsupported'],
    ['imageMogr2/scrop/100x100', 'operation_unsupported'],
    ['imageMogr2/rcrop/1x2', 'operation_unsupported'],
    ['imageMogr2/cgif/1', 'operation_unsupported'],
    ['imageMogr2/format/heif', 'operation_unsupported'],
    ['imageMogr2/format/tpg', 'operation_unsupported'],
    ['imageMogr2/thumbnail/9x9/pad/1/rotate/45|imageMogr2/thumbnail/9x9/pad/1/color/d2hpdGU', 'operation_unsupported'],
    ['imageView2/2/w/100/rq/80', 'operation_unsupported'],
    ['imageAve|imageMogr2/strip', 'bad_combination'],
    ['imageSlim/1', 'bad_url'],
    ['imageslim', 'bad_operation'],
    ['watermark/2/text/bG9nbw', 'bad_value'],
    ['watermark/2/text/bG9nbw/font/c2Fucw/shadow/10', 'operation_unsupported'],
    ['watermark/1/image/bG9nbw/blogo/1', 'operation_unsupported'],
    ['watermark/1/image/bG9nbw/batch/2', 'bad_value'],
    ['watermark/1/image/bG9nbw/degree/361', 'bad_value'],
    ['watermark/1/image/bG9nbw/scatype/2/spcent/1', 'operation_unsupported'],
    ['watermark/1/image/bG9nbw/scatype/1', 'bad_value'],
    ['roundPic/radius/10', 'bad_operation'],
    ['imageMogr2/background/d2hpdGU', 'bad_operation'],
    ['imageMogr2/flip/both', 'bad_value'],
    ['imageMogr2/bright/101', 'bad_value'],
    ['imageMogr2/sharpen/1', 'bad_value'],
    ['imageMogr2/sharpen/301', 'bad_value'],
    ['imageMogr2/iradius/0', 'bad_value'],
    ['imageMogr2/cut/300x200x100', 'bad_value'],
    ['imageMogr2/cut/300x200x100x1x1', 'bad_value'],
    ['imageMogr2/cut/0x200x0x0', 'bad_value'],
    ['imageMogr2/pad/2', 'bad_value'],
    ['imageMogr2/color/red', 'bad_value'],
    ['imageMogr2/rotate/361', 'bad_value'],
  ])('with %s: %s', (chain, code) => {
    expect(codeOf(chain)).toBe(code);
  });
});

describe('answers', () => {
  const facts = (header: Partial<Header>) => ({
    version: 'v1',
    bytes: 158_421,
    header: makeHeader({ width: 960, height: 540, ...header }),
    modifiedMs: null,
  });
  const reportOf = (chain: string, header: Partial<Header>) =>
    JSON.parse(reportWriter(planOf(chain).report?.as ?? '')(facts(header), {}).body);

  it('imageInfo is all text', () => {
    expect(reportOf('imageInfo', {})).toEqual({
      format: 'jpeg',
      width: '960',
      height: '540',
      size: '158421',
      frame_count: '1',
      bit_depth: '8',
    });
  });

  it('exif tells the orientation, which is all that is known', () => {
    expect(reportOf('exif', { orientation: 8 })).toEqual({ Orientation: { val: 'Left-bottom' } });
    expect(reportOf('exif', {})).toEqual({});
  });

  it.each([
    ['bad_value', 400],
    ['signature_missing', 403],
    ['original_protected', 403],
    ['source_not_found', 404],
    ['source_too_large', 400],
    ['undecodable', 400],
    ['operation_unsupported', 400],
    ['quota_exceeded', 503],
    ['overloaded', 503],
    ['origin_timeout', 500],
    ['internal', 500],
  ] as const)('the error %s is %i', (code, status) => {
    expect(errorAt('/hotel/a.jpg?imageInfo', config, new PileusError(code))?.status).toBe(status);
  });

  it('errors are JSON, never kept, whatever they are', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const error = new PileusError(code);
      const answer = errorAt('/hotel/a.jpg?imageInfo', config, error);
      expect(answer?.headers).toMatchObject({ 'cache-control': 'no-store', 'x-ci-request-id': 'request-1' });
      expect(JSON.parse(answer?.body ?? '')).toEqual({
        code: answer?.status,
        message: error.message,
        request_id: 'request-1',
      });
    }
  });
});

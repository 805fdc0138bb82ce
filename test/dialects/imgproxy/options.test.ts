import { describe, expect, it } from 'vitest';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader } from '../../plan/resolve/scene.ts';
import { refusal } from '../native/sample-config.ts';
import { ask, configWith, nowS, withOptions } from './kit.ts';

type Layout = Extract<Step, { op: 'layout' }>;
const planOf = (options: string, settings = {}): Plan => withOptions(options, configWith(settings)).plan;
const layoutOf = (options: string, settings = {}): Layout =>
  planOf(options, settings).steps.find(({ op }) => op === 'layout') as Layout;
const lifted = { op: 'lift', amount: 9 } as const;
const centre = { kind: 'compass', at: 'c', x: 0, y: 0 };

describe('options', () => {
  it.each<[string, Partial<Layout>]>([
    ['', { type: 'fit', w: 0, h: 0, dpr: 1, enlarge: false, crop: null, extend: null }],
    [
      'rs:fill:300:400:1:1:no:10:20',
      { type: 'fill', w: 300, h: 400, enlarge: true, extend: { kind: 'compass', at: 'n', x: 10, y: 20 } },
    ],
    ['resize:fill-down::200', { type: 'fill-down', w: 0, h: 200 }],
    ['s:30:40/w:50', { w: 50, h: 40 }],
    ['rt:auto/mw:5/mh:6/z:2/dpr:1.5', { type: 'auto', minW: 5, minH: 6, zoomX: 2, zoomY: 2, dpr: 1.5 }],
    ['z:2:0.5', { zoomX: 2, zoomY: 0.5 }],
    ['el:yes', { enlarge: false }],
    ['ex:1', { extend: centre as Layout['extend'] }],
    ['exar:1:soea', { extendRatio: { kind: 'compass', at: 'se', x: 0, y: 0 } }],
    ['g:fp:0.25:1', { anchor: { kind: 'focal', x: 0.25, y: 1 } }],
    ['g:sm', { anchor: { kind: 'smart' } }],
    ['c:0.5:100:nowe:-0.1:5', { crop: { w: 0.5, h: 100, anchor: { kind: 'compass', at: 'nw', x: -0.1, y: 5 } } }],
    ['g:no/c:10:10', { crop: { w: 10, h: 10, anchor: { kind: 'compass', at: 'n', x: 0, y: 0 } } }],
    ['pd:1', { padding: { top: 1, right: 1, bottom: 1, left: 1 } }],
    ['pd:1:2', { padding: { top: 1, right: 2, bottom: 1, left: 2 } }],
    ['pd:1:2:3:4', { padding: { top: 1, right: 2, bottom: 3, left: 4 } }],
    [
      'bl:1.5/sh:0.7/pix:4',
      {
        filters: [
          { op: 'blur', sigma: 1.5 },
          { op: 'sharpen', sigma: 0.7 },
          { op: 'pixelate', size: 4 },
        ],
      },
    ],
    [
      'a:20:1.5:0.5/bl:2/co:2',
      {
        filters: [
          { op: 'lift', amount: 20 },
          { op: 'contrast', amount: 100 },
          { op: 'saturation', amount: -50 },
          { op: 'blur', sigma: 2 },
        ],
      },
    ],
    ['br:-255/sa:1', { filters: [{ op: 'lift', amount: -255 }] }],
    [
      'gr:0.5:ff0000:up:0.25/col:0.4:00f:1/dt:0.7:102030',
      {
        filters: [
          { op: 'duotone', dark: '102030ff', light: 'ffffffff', mix: 70 },
          { op: 'colorize', colour: '0000ffff', opacity: 40, keepAlpha: true },
          { op: 'gradient', colour: 'ff0000ff', opacity: 50, to: 'up', start: 0.25, stop: 1 },
        ],
      },
    ],
    ['ush:always::12', { filters: [{ op: 'unsharp', weight: 1, divider: 12 }] }],
    ['ush:auto:0.5/br:9', { filters: [{ op: 'unsharp', weight: 0.5, divider: 24, ifSmaller: true }, lifted] }],
    ['ush:auto/sh:1', { filters: [{ op: 'sharpen', sigma: 1 }] }],
    ['ush:always/sh:1/ush:none', { filters: [{ op: 'sharpen', sigma: 1 }] }],
    ['bg:f00/bga:0.5/br:9', { filters: [lifted, { op: 'underlay', colour: 'ff000080' }] }],
    ['bg:f00/bga:0', { filters: [] }],
    ['bga:0.5', { filters: [] }],
    ['car:1.5:1/c:10:20', { crop: { w: 10, h: 20, anchor: centre as Layout['anchor'], ratio: 1.5, grow: true } }],
    ['c:10:20/crop_ar:2', { crop: { w: 10, h: 20, anchor: centre as Layout['anchor'], ratio: 2 } }],
    ['c:10:20/car:0:1', { crop: { w: 10, h: 20, anchor: centre as Layout['anchor'] } }],
    ['car:2', { crop: null }],
    ['ra:linear', { kernel: 'linear' }],
    [
      'mc:0.25/pbl:8:-90:0.5/gr:1::405',
      {
        filters: [
          { op: 'monochrome', colour: 'b3b3b3ff', mix: 25 },
          { op: 'progressiveBlur', sigma: 8, to: 'right', start: 0.5, stop: 1 },
          { op: 'gradient', colour: '000000ff', opacity: 100, to: 45, start: 0, stop: 1 },
        ],
      },
    ],
    [
      'ba:8:0.5:0:0.25:0.125:0:0:1:1',
      {
        filters: [
          {
            op: 'redact',
            areas: [
              { x: 5000, y: 0, w: 2500, h: 1250 },
              { x: 0, y: 0, w: 10_000, h: 10_000 },
            ],
            how: { by: 'blur', sigma: 8 },
            of: 'source',
          },
        ],
      },
    ],
    ['mc:0/pbl:0/dt:0/col:0/gr:0/ba:0:0:0:1:1/br:0', { filters: [] }],
  ])('%s', (options, wanted) => {
    expect(layoutOf(options)).toMatchObject(wanted);
  });

  it('stand in one order, whatever theirs was', () => {
    const ops = (options: string) => planOf(options).steps.map(({ op }) => op);
    expect(ops('bl:2/w:5/fl:1/rot:90/t:10')).toEqual(['trim', 'rotate', 'flip', 'layout']);
    expect(planOf('w:5/rot:90/bl:2')).toEqual(planOf('bl:2/rot:90/w:5'));
  });

  it('sharpen as the mount says, where the URL does not', () => {
    const settings = { unsharpMaskingMode: 'auto', unsharpMaskingWeight: 2 };
    const filter = { op: 'unsharp', weight: 2, divider: 24, ifSmaller: true };
    expect(layoutOf('w:5', settings).filters).toEqual([filter]);
    expect(layoutOf('w:5/ush::3', settings).filters).toEqual([{ ...filter, weight: 3 }]);
    expect(layoutOf('w:5/ush:none', settings).filters).toEqual([]);
  });

  it('say nothing of the kernel that is taken anyway', () => {
    expect(layoutOf('ra:cubic/ra:lanczos3')).not.toHaveProperty('kernel');
  });

  it('blur areas of what each pipeline begins with', () => {
    const steps = planOf('w:9/ba:2:0:0:1:1/-/rot:90/ba:3:0:0:0.5:1').steps;
    expect(steps.map(({ op }) => op)).toEqual(['layout', 'redact', 'rotate']);
    expect(steps[1]).not.toHaveProperty('of');
  });

  it('lay the background under the source only', () => {
    const { steps } = planOf('bg:f00/bga:0.5/w:9/-/w:5/pd:2');
    expect(steps.map((step) => (step.op === 'layout' ? step.filters.length : -1))).toEqual([1, 0]);
  });

  it('choose how the result is written', () => {
    expect(planOf('f:webp/q:40').encode).toMatchObject({ format: 'webp', quality: { kind: 'absolute', value: 40 } });
    expect(planOf('jpgo:1:0:t::1:3/pngo::1:64/webpo:near_lossless:1:text/avifo:off').encode).toMatchObject({
      jpeg: { progressive: true, trellis: true, scans: true, table: 3 },
      png: { colours: 64 },
      webp: { compression: 'near', smartChroma: true, preset: 'text' },
      avif: { fullChroma: true },
    });
    const tuned = { jpegProgressive: true, jpegTrellisQuant: true, pngQuantize: true, webpCompression: 'lossless' };
    expect(planOf('jpgo:0/pngo::0/webpo:lossy/q:90', tuned).encode).toMatchObject({
      jpeg: { progressive: false, trellis: true },
      avif: { fullChroma: true },
    });
    expect(planOf('pngo::0/webpo:lossy/avifo:on/q:90', tuned).encode).not.toHaveProperty('png');
    expect(planOf('pngo::0/webpo:lossy/avifo:on/q:90', tuned).encode).not.toHaveProperty('webp');
    expect(planOf('avifo:on/q:90', tuned).encode).not.toHaveProperty('avif');
    expect(planOf('', {}).encode).not.toHaveProperty('jpeg');
    const best = { format: 'preferred', preferred: ['jpg', 'png', 'gif'], smallest: 0 };
    expect(planOf('f:best').encode).toMatchObject(best);
    expect(planOf('f:best').encode).not.toHaveProperty('keepSource');
    expect(planOf('', { bestFormatByDefault: true, bestFormatMaxResolution: 2 }).encode).toMatchObject({
      ...best,
      smallest: 2_000_000,
    });
    expect(planOf('f:png', { bestFormatByDefault: true }).encode.format).toBe('png');
    expect(planOf('f:best', { bestFormatAllowSkips: true, skipProcessing: ['gif'] }).encode.keepSource).toEqual([
      'gif',
      'svg',
    ]);
    const bounds = { min: { jpg: 70, webp: 70, avif: 40 }, max: { jpg: 80, webp: 80, avif: 50 } };
    expect(planOf('aq:dssim').encode.search).toEqual({ by: 'dssim', target: 0.02, error: 0.001, ...bounds });
    expect(planOf('aq:ml').encode).toEqual(planOf('aq:dssim').encode);
    expect(planOf('aq:size:20000:10:90').encode.search).toEqual({
      by: 'bytes',
      target: 20_000,
      error: 0.001,
      min: { jpg: 10, webp: 10, avif: 10 },
      max: { jpg: 90, webp: 90, avif: 90 },
    });
    expect(planOf('aq:size:20000:10:90').encode.avif).toEqual({ fullChroma: true });
    const byMount = {
      autoqualityMethod: 'dssim',
      autoqualityMaxResolution: 2.5,
      autoqualityFormatMin: { webp: 9, avif: 3 },
    };
    expect(planOf('aq::0.1:::0', byMount).encode.search).toMatchObject({
      target: 0.1,
      error: 0,
      min: { jpg: 70, webp: 9, avif: 3 },
      max: bounds.max,
      pixelsMax: 2_500_000,
    });
    expect(planOf('aq:none', byMount).encode).not.toHaveProperty('search');
    const frames = (options: string, settings = {}) => planOf(options, settings).decode.frames;
    expect([frames(''), frames('', { animated: true }), frames('da:1', { animated: true })]).toEqual([
      'first',
      'auto',
      'first',
    ]);
    expect(frames('pg:2')).toEqual({ page: 2, pages: 1, still: true });
    expect(frames('pgs:3', { animated: true })).toEqual({ page: 0, pages: 3 });
    expect(frames('pg:1/pages:3/disable_animation:t', { animated: true })).toEqual({ page: 1, pages: 3, still: true });
    expect(planOf('dpi:300').encode.dpi).toBe(300);
    expect(planOf('dpi:300/dpi:0').encode).not.toHaveProperty('dpi');
    expect(planOf('sm:1', { stripMetadataDpi: 72 }).encode.dpi).toBe(72);
    expect(planOf('sm:0', { stripMetadataDpi: 72 }).encode).not.toHaveProperty('dpi');
    const sum = 'AB'.repeat(20);
    expect(planOf(`hs:sha1:${sum}`).expects).toEqual({ hash: 'sha1', hex: sum.toLowerCase() });
    expect(planOf(`hs:sha1:${sum}/hs:none`)).not.toHaveProperty('expects');
    expect(refusal(() => planOf(`hs:sha1:${sum}/raw:1`)).code).toBe('operation_unsupported');
    expect(planOf('fq:webp:50').encode).toMatchObject({
      format: 'preferred',
      qualities: { jpg: 80, webp: 50, avif: 63 },
    });
    expect(planOf('mb:5000/f:jpg').encode).toMatchObject({ bytesMax: 5000 });
    expect(planOf('bg:f00').encode).toMatchObject({ background: 'ff0000ff', flatten: true });
    expect(planOf('bg:1:2:3').encode).toMatchObject({ background: '010203ff' });
    expect(planOf('bg:f00/bga:0.5').encode).toMatchObject({ background: 'ff000080' });
    expect(planOf('bg:f00/bga:0.5').encode.flatten).toBeUndefined();
    expect(planOf('bg:f00/bga:0').encode).toMatchObject({ background: '00000000' });
    expect(planOf('bg:f00/bg:').encode).toMatchObject({ background: '00000000' });
    expect(planOf('sm:0').encode.metadata).toBe('all');
    expect(planOf('kcr:0').encode.metadata).toBe('none');
    expect(planOf('skp:png:jpg').encode.keepSource).toEqual(['png', 'jpg', 'svg']);
    expect(planOf('raw:1').view).toBe('original');
    expect(ask('/unsafe/f:png/plain/local:///a.png@webp').plan.encode.format).toBe('webp');
  });

  it('skip the formats of the mount and of the URL, where they can be written', () => {
    expect(planOf('skp:png:gif', { skipProcessing: ['gif', 'heic'] }).encode.keepSource).toEqual(['gif', 'png', 'svg']);
    expect(planOf('', { skipProcessing: ['svg'], alwaysRasterizeSvg: true }).encode.keepSource).toEqual(['svg']);
  });

  it('leave the headers of the mount alone', () => {
    const { answer } = withOptions('', configWith({ responseHeaders: { 'X-Mine': 'a' } }));
    expect(answer.headers).toMatchObject({ 'x-mine': 'a' });
  });

  it.each([
    'foo:1',
    'w:-1',
    'w:1.5',
    'w:abc',
    'w:1:2',
    's:1:2:3:4:ce:0:0:9',
    'dpr:-1',
    'dpr:0',
    'z:1:1:1',
    'g:re',
    'g:sm:1',
    'g:fp:0.5',
    'g:fp:-0.1:0.5',
    'g:ce:1:2:3',
    'ex:1:sm',
    'rot:x',
    'rot:45',
    'mc:1.1',
    'ra:best',
    'car:-1',
    'car:1:0:0',
    'bga:1.1',
    'ush:often',
    'ush:auto:0',
    'ush:auto:1:0',
    'ush:auto:1e-11',
    'ush:auto:1:1e-11',
    'ush:auto:1:1:1',
    'pbl:1001',
    'ba:1001:0:0:1:1',
    'pbl:1:over',
    'pbl:1:up:1:0',
    'gr:1:0:up:0:1:1',
    'q:101',
    'q:-1',
    'fq:jpg',
    'jpgo:1:1:1:1:1:9',
    'aq:best',
    'aq:dssim:0',
    'aq:dssim::90:80',
    'aq:dssim:::101',
    'aq:dssim::::2',
    'pg:-1',
    'pgs:0',
    'dpi:65536',
    'hs:crc32:00',
    'hs:md5:00',
    `hs:md5:${'gg'.repeat(16)}`,
    'pngo::1:1',
    'webpo:small',
    'webpo:::poster',
    'avifo:some',
    'bg:1:2',
    'bg:256:0:0',
    'bl:-1',
    'bl:Infinity',
    'wm:1:ce:0:0:0',
    'pd:-1',
    't:abc',
    'f:tif',
    'f:png:jpg',
    'cb:a:b',
    'fn:a:1:2',
    'fn:!!!:1',
    'rs:nope:1:1',
    'br:256',
    'co:0',
    'sa:11',
    'a:1:1:1:1',
    'dt:1.1',
    'gr:1:000:north',
    'gr:1:000:up:0.6:0.5',
    'ba:3:0:0:1',
    'ba:3',
    'col:0.5:nope',
  ])('%s is no URL', (options) => {
    expect(refusal(() => withOptions(options)).code).toBe('bad_url');
  });

  it('that tell limits are not allowed, but for the result’s where they are', () => {
    for (const options of ['msr:1', 'msfs:1', 'maf:2', 'mafr:1', 'mrd:50'])
      expect(refusal(() => withOptions(options)).code).toBe('not_allowed');
    expect(layoutOf('mrd:50', { allowSecurityOptions: true })).toMatchObject({ sideMax: 50 });
  });

  it('are held to those that are allowed; presets may use any', () => {
    const settings = { allowedProcessingOptions: ['w', 'h', 'pr'], presets: { soft: 'blur:2' } };
    expect(layoutOf('w:5/pr:soft', settings)).toMatchObject({ w: 5, filters: [{ op: 'blur', sigma: 2 }] });
    expect(refusal(() => planOf('w:5/blur:2', settings)).code).toBe('bad_url');
  });
});

describe('presets', () => {
  const presets = { default: 'w:7', a: 'w:50', b: 'f:webp/pr:a', loop: 'pr:loop/h:9' };

  it('are applied where they stand, the default one first', () => {
    expect(layoutOf('', { presets })).toMatchObject({ w: 7 });
    expect(layoutOf('w:9/pr:a', { presets })).toMatchObject({ w: 50 });
    expect(layoutOf('pr:a/w:9', { presets })).toMatchObject({ w: 9 });
    expect(planOf('pr:b', { presets }).encode.format).toBe('webp');
    expect(withOptions('pr:b', configWith({ presets })).presets).toEqual(['default', 'b', 'a']);
  });

  it('that name themselves are applied once', () => {
    expect(layoutOf('pr:loop', { presets })).toMatchObject({ h: 9 });
  });

  it('may be all there is', () => {
    const config = configWith({ presets, onlyPresets: true });
    expect(ask('/unsafe/a:b/plain/local:///a.png', config).plan.encode.format).toBe('webp');
    expect(refusal(() => ask('/unsafe/nope/plain/local:///a.png', config)).code).toBe('preset_not_found');
  });
});

describe('formats', () => {
  it('of BMP and ICO are written, the latter within 256 pixels', () => {
    expect(withOptions('f:bmp').plan).toMatchObject({ encode: { format: 'bmp' }, steps: [{ sideMax: 0 }] });
    expect(withOptions('f:ico/w:999').plan).toMatchObject({ encode: { format: 'ico' }, steps: [{ sideMax: 256 }] });
    const small = configWith({ maxResultDimension: 100 });
    expect(withOptions('f:ico', small).plan.steps).toMatchObject([{ sideMax: 100 }]);
    expect(refusal(() => withOptions('f:jxl')).code).toBe('operation_unsupported');
  });
});

describe('SVG', () => {
  const keepOf = (options: string, settings = {}) => withOptions(options, configWith(settings)).plan.encode;

  it('stays one unless another format is asked for', () => {
    expect(keepOf('w:40').keepSource).toEqual(['svg']);
    expect(keepOf('skp:png').keepSource).toEqual(['png', 'svg']);
    expect(keepOf('skp:svg:png').keepSource).toEqual(['svg', 'png']);
    expect(keepOf('f:png').keepSource).toBeUndefined();
    expect(keepOf('w:40', { alwaysRasterizeSvg: true }).keepSource).toBeUndefined();
  });

  it('is made of nothing else', () => {
    expect(keepOf('f:svg')).toMatchObject({ format: 'preferred', keepSource: ['svg'], keepOnly: true });
  });
});

describe('answers', () => {
  it('are named, and kept as long as the URL lives', () => {
    const { answer } = withOptions('fn:face/att:1');
    expect(answer).toMatchObject({ disposition: { kind: 'attachment', name: 'face' } });
    expect(withOptions('').answer.disposition).toEqual({ kind: 'inline', name: 'a' });
    expect(withOptions('').answer.headers?.['cache-control']).toBe('max-age=31536000, public');
    const expiring = withOptions(`exp:${nowS + 60}`);
    expect([expiring.expiresAtS, expiring.answer.headers?.['cache-control']]).toEqual([
      nowS + 60,
      'max-age=60, public',
    ]);
    expect(refusal(() => withOptions(`exp:${nowS - 1}`)).code).toBe('signature_expired');
  });

  it('follow Accept only where that is configured', () => {
    const chrome = { accept: 'image/avif,image/webp,*/*' };
    const asked = (settings: object) => ask('/unsafe/plain/local:///a.png', configWith(settings), chrome);
    expect(asked({}).negotiated).toBeNull();
    expect(asked({ autoWebp: true })).toMatchObject({ negotiated: 'webp', plan: { encode: { negotiated: 'webp' } } });
    expect(asked({ autoAvif: true }).negotiated).toBe('avif');
    const explicit = (settings: object) => ask('/unsafe/f:png/plain/local:///a.png', configWith(settings), chrome);
    expect(explicit({ autoWebp: true }).plan.encode.format).toBe('png');
    expect(explicit({ enforceWebp: true }).plan.encode.format).toBe('preferred');
  });
});

describe('colours', () => {
  it('keep depth, profile and linear light where they are asked for', () => {
    expect(planOf('').encode).not.toHaveProperty('deep');
    expect(planOf('').encode).not.toHaveProperty('profile');
    expect(planOf('').decode).not.toHaveProperty('linear');
    expect(planOf('ph:1').encode).toMatchObject({ deep: true });
    expect(planOf('ph:0', { preserveHdr: true }).encode).not.toHaveProperty('deep');
    expect(planOf('sm:0').encode).toMatchObject({ profile: 'none' });
    expect(planOf('sm:0/scp:0').encode).toMatchObject({ profile: 'source' });
    expect(planOf('scp:0').encode).toMatchObject({ profile: 'source' });
    expect(planOf('', { stripColorProfile: false }).encode).toMatchObject({ profile: 'source' });
    expect(planOf('scp:0/cp:srgb').encode).toMatchObject({ profile: 'srgb' });
    expect(planOf('', { useLinearColorspace: true }).decode).toMatchObject({ linear: true });
    expect(refusal(() => planOf('icc:cmyk')).code).toBe('operation_unsupported');
  });
});

describe('watermarks', () => {
  const markOf = (options: string, settings = {}) =>
    planOf(options, { watermark: 'logo', watermarkFont: 'sans', ...settings }).steps.at(-1);
  const refusalOf = (options: string, settings = {}) => refusal(() => markOf(options, settings)).code;
  const text = `wmt:${Buffer.from('A &amp; 水').toString('base64url')}`;

  it('come from the URL, else from the mount', () => {
    const url = Buffer.from('local:///m/logo.png').toString('base64url');
    const sources = { local: 'local', http: null };
    expect(markOf(`wm:1:soea/wmu:${url}`, { sources })).toMatchObject({ asset: { ns: 'local', key: 'm/logo.png' } });
    expect(markOf('wm:1:soea/wmu:')).toMatchObject({ asset: 'logo' });
    const watermark = { namespace: 'web', key: 'http://host/logo.png' };
    expect(markOf('wm:1', { watermark })).toMatchObject({ asset: { ns: 'web', key: 'http://host/logo.png' } });
    expect(refusalOf('wm:1/wmu:%', { sources })).toBe('bad_url');
  });

  it('follow the pixel ratio of their picture', () => {
    const opsOf = (options: string) =>
      resolve(planOf(options, { watermark: 'logo' }), makeHeader({ width: 600, height: 400 }), makeContext()).ops;
    expect(opsOf('w:100/dpr:2/wm:1:nowe:10:20').at(-1)).toMatchObject({ op: 'watermark', left: 20, top: 40 });
    expect(opsOf('w:100/wm:1:nowe:10:20').at(-1)).toMatchObject({ left: 10, top: 20 });
    // The source has no more than three times as many.
    expect(opsOf('w:200/dpr:6/wm:1:nowe:10:20').at(-1)).toMatchObject({ left: 30, top: 60 });
    expect(opsOf('w:300/dpr:2/wm:1:re:10:10').at(-1)).toMatchObject({ repeat: { stepX: 220, stepY: 120 } });
  });

  it('have the size of the URL where they have no scale', () => {
    expect(markOf('wm:1:ce/wms:40:30')).toMatchObject({ box: { w: 40, h: 30 }, oversize: true, scalePercent: 0 });
    expect(markOf('wm:1:ce/wms:40')).toMatchObject({ box: { w: 40, h: 0 } });
    expect(markOf('wm:1:ce/wms:0:0')).not.toHaveProperty('box');
    expect(markOf('wm:1:ce:0:0:0.5/wms:40:30')).not.toHaveProperty('box');
  });

  it('keep their size, or fit a share of the picture', () => {
    expect(markOf('wm:0.5:soea:10:0.1')).toEqual({
      op: 'watermark',
      asset: 'logo',
      gravity: 'se',
      dx: 10,
      dy: 0.1,
      opacity: 50,
      scalePercent: 0,
      oversize: true,
    });
    expect(markOf('wm:1:ce:0:0:0.25')).toMatchObject({ scalePercent: 25, within: true });
  });

  it('stand all over the picture around its middle', () => {
    const tile = { x: { by: 'centre', gap: 20 }, y: { by: 'centre', gap: 0.1 } };
    expect(markOf('wm:1:re:20:0.1')).toMatchObject({ gravity: 'c', dx: 0, dy: 0, tile });
    expect(markOf('wm:1:ch:20:0.1')).toMatchObject({ tile: { ...tile, chess: true } });
  });

  it('are turned and have a shadow', () => {
    expect(markOf('wm:1/wmr:-30/wmsh:4')).toMatchObject({
      degrees: -30,
      shadow: { sigma: 4, opacity: 100, dx: 0, dy: 0 },
    });
  });

  it('may be text in place of the picture', () => {
    expect(markOf(`wm:1:nowe/${text}`)).toMatchObject({ op: 'text', text: 'A & 水', font: 'sans', gravity: 'nw' });
    expect(refusalOf(`wm:1/${text}`, { watermarkFont: null })).toBe('operation_unsupported');
    expect(refusalOf(`wm:1:ce:0:0:0.5/${text}`)).toBe('operation_unsupported');
    expect(refusalOf(`wm:1/wmt:${Buffer.from('<b>x</b>').toString('base64url')}`)).toBe('operation_unsupported');
    expect(refusalOf('wm:1/wmt:***')).toBe('bad_url');
    expect(refusalOf('wm:1/wmsh:101')).toBe('bad_url');
  });
});

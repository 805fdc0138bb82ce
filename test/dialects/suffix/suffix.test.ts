import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/dialects/registry.ts';
import type { Header } from '../../../src/plan/header.ts';
import { PileusError } from '../../../src/shared/errors.ts';
import { configWith, errorAt, parseUrl, resolveUrl } from '../fop/scene.ts';
import { parseSpec, refusal } from '../native/sample-config.ts';

const sizes = ['50x50', '290x290'];
const config = configWith('suffix', { settings: { sizes } });
const codeOf = (url: string, at = config) => refusal(() => parseUrl(url, at)).code;

describe('a preset in the path', () => {
  it('is that of the configuration', () => {
    const parsed = parseUrl('/hotel/prew/thumb/a/b.jpg', config);
    expect(parsed).toMatchObject({ dialect: 'suffix', source: { ns: 'hotel', key: 'a/b.jpg' }, presets: ['thumb'] });
    expect(parsed.plan.steps).toEqual(parseSpec('thumb.jpg').plan.steps);
    expect(parsed.plan.encode.format).toBe('source');
  });

  it('is asked for of originals in a folder of their own', () => {
    const photos = configWith('suffix', { settings: { presets: 'p', originals: 'photo/' } });
    expect(parseUrl('/hotel/p/card/a.jpg', photos).source.key).toBe('photo/a.jpg');
    expect(parseUrl('/hotel/photo/a.jpg', photos)).toMatchObject({
      source: { key: 'photo/a.jpg' },
      plan: { view: 'original' },
    });
  });

  it('may be written as Accept allows', () => {
    const auto = configWith('suffix', { settings: { format: 'auto' } });
    const parsed = parseUrl('/hotel/prew/thumb/a.jpg', auto, { accept: 'image/avif,image/webp' });
    expect(parsed).toMatchObject({ negotiated: 'avif', plan: { encode: { format: 'auto', negotiated: 'avif' } } });
    expect(parseUrl('/hotel/prew/thumb/a.jpg', config).negotiated).toBeNull();
  });

  it.each([
    ['/hotel/prew/none/a.jpg', 'preset_not_found'],
    ['/hotel/prew/constructor/a.jpg', 'preset_not_found'],
    ['/hotel/prew/w_100/a.jpg', 'preset_not_found'],
    ['/hotel/prew/thumb', 'bad_key'],
    ['/hotel/prew/thumb/', 'bad_key'],
    ['/hotel/prew//a.jpg', 'bad_key'],
    ['/hotel/prew/thumb/../a.jpg', 'bad_key'],
    ['/hotel/prew/thumb/a.jpg?w=100', 'bad_url'],
    ['/hotel/a.jpg?', 'bad_url'],
  ])('%s: %s', (url, code) => {
    expect(codeOf(url)).toBe(code);
  });

  it('has to be one of the namespace’s, within its limits', () => {
    const narrow = configWith('suffix', { namespace: 'narrow' });
    expect(codeOf('/narrow/prew/card/a.jpg', narrow)).toBe('preset_not_found');
    expect(codeOf('/narrow/prew/large/a.jpg', narrow)).toBe('bad_value');
  });

  it('is none where there are none', () => {
    const without = configWith('suffix', { settings: { presets: null } });
    expect(parseUrl('/hotel/prew/thumb/a.jpg', without)).toMatchObject({
      source: { key: 'prew/thumb/a.jpg' },
      plan: { view: 'original' },
    });
  });
});

describe('a size at the end of a name', () => {
  it.each([
    ['/hotel/a_50x50.jpg', 'a.jpg'],
    ['/hotel/a.b_290x290.jpg', 'a.b.jpg'],
    ['/hotel/x/a_50x50_50x50.JPG', 'x/a_50x50.JPG'],
    ['/hotel/%E4%B8%AD_50x50.png', '中.png'],
  ])('%s is made from %s', (path, key) => {
    const { source, plan } = parseUrl(path, config);
    expect(source.key).toBe(key);
    expect(plan.view).toBe('image');
  });

  it.each([
    '/hotel/a_51x50.jpg',
    '/hotel/a_050x50.jpg',
    '/hotel/a_50x50',
    '/hotel/a_50X50.jpg',
    '/hotel/a_50x50.tar.gz',
    '/hotel/_50x50.jpg',
    '/hotel/x/_50x50.jpg',
    '/hotel/a50x50.jpg',
    '/hotel/noext',
    '/hotel/.hidden',
  ])('%s is an original that is named so', (path) => {
    const { source, plan } = parseUrl(path, config);
    expect(`/hotel/${source.key}`).toBe(path);
    expect(plan.view).toBe('original');
  });

  it.each([
    [{}, { width: 640, height: 427 }, '50x33'],
    [{}, { width: 30, height: 20 }, '30x20'],
    [{}, { width: 640, height: 427, orientation: 6 }, '33x50'],
    [{ mode: 'cover' }, { width: 640, height: 427 }, '50x50'],
    [{ mode: 'cover' }, { width: 30, height: 20 }, '30x20'],
    [{ mode: 'cover', enlarge: true }, { width: 30, height: 20 }, '50x50'],
    [{ mode: 'pad' }, { width: 640, height: 427 }, '50x50'],
    [{ mode: 'exact' }, { width: 640, height: 427 }, '50x50'],
    [{ mode: 'min' }, { width: 640, height: 427 }, '75x50'],
    [{ mode: 'aspect' }, { width: 640, height: 427 }, '427x427'],
  ] as [object, Partial<Header>, string][])('%j on %j gives %s', (settings, header, size) => {
    const { width, height } = resolveUrl(
      '/hotel/a_50x50.jpg',
      configWith('suffix', { settings: { sizes, ...settings } }),
      header,
    );
    expect(`${width}x${height}`).toBe(size);
  });

  it('has the quality and the format of the mount, else the configuration’s and the source’s', () => {
    const set = configWith('suffix', { settings: { sizes, quality: 20, format: 'webp' } });
    expect(resolveUrl('/hotel/a_50x50.jpg', set, {}).encode).toMatchObject({ format: 'webp', quality: 20 });
    expect(resolveUrl('/hotel/a_50x50.jpg', config, { format: 'png' }).encode.format).toBe('png');
  });
});

describe('a mount', () => {
  it('without a namespace takes its name from the path', () => {
    const anywhere = configWith('suffix', { namespace: null, settings: { sizes } });
    expect(parseUrl('/hotel/prew/thumb/a.jpg', anywhere).source).toEqual({ ns: 'hotel', key: 'a.jpg' });
    expect(parseUrl('/hotel/a_50x50.jpg', anywhere).source).toEqual({ ns: 'hotel', key: 'a.jpg' });
    expect(codeOf('/motel/a.jpg', anywhere)).toBe('not_found');
  });

  it('leaves native paths to our own', () => {
    expect(parseUrl('/hotel/a.jpg/~w_300.webp', config).dialect).toBe('native');
  });

  it('answers presets and sizes of a namespace with keys, and originals only where it is open', () => {
    const fd = configWith('suffix', { namespace: 'fd', settings: { sizes } });
    expect(parseUrl('/fd/prew/thumb/a.jpg', fd).signed).toBe(false);
    expect(parseUrl('/fd/a_50x50.jpg', fd).plan.view).toBe('image');
    expect(codeOf('/fd/a.jpg', fd)).toBe('signature_missing');
    expect(parseUrl('/fd/a.jpg', configWith('suffix', { namespace: 'fd', settings: { open: true } })).plan.view).toBe(
      'original',
    );
    expect(codeOf('/vault/a.jpg', configWith('suffix', { namespace: 'vault', settings: { open: true } }))).toBe(
      'original_protected',
    );
  });

  it('answers errors in our own words', () => {
    expect(errorAt('/hotel/a.jpg', config, new PileusError('source_not_found'))).toBeNull();
  });

  it.each([
    { sizes: ['50'] },
    { sizes: ['0x50'] },
    { sizes: ['50x99999'] },
    { mode: 'crop' },
    { quality: 0 },
    { presets: 'a/b' },
    { originals: '../' },
    { originals: 'photo' },
    { format: 'bmp' },
    { size: [] },
  ])('is not set to %j', (settings) => {
    expect(settingsOf('suffix').safeParse(settings).success).toBe(false);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeImgproxyVariables } from '../../src/config/describe-imgproxy-variables.ts';
import { imgproxyVariables } from '../../src/config/imgproxy-variables.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ImgproxySettings } from '../../src/dialects/imgproxy/settings.ts';
import { parseRequest } from '../../src/dialects/registry.ts';
import { refusal } from '../dialects/native/sample-config.ts';
import { bigMachine, temporaryFolder } from './loading.ts';

const page = readFileSync(new URL('../../docs/dialects/imgproxy-environment.md', import.meta.url), 'utf8');

const load = (env: Readonly<Record<string, string>>) =>
  loadConfig({
    file: null,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [`IMGPROXY_${name}`, value])),
    flags: {},
    revision: 1,
    as: 'imgproxy',
    machine: bigMachine,
  });

async function configOf(env: Readonly<Record<string, string>>) {
  const loaded = await load(env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return { ...loaded.config, settings: loaded.config.mounts[0]?.settings as ImgproxySettings };
}

const faultsOf = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const loaded = await load(env);
  return loaded.ok ? '' : loaded.faults.map(({ at, problem }) => `${at}: ${problem}`).join('\n');
};

describe('docs/dialects/imgproxy-environment.md', () => {
  it('is what the table says; `npm run docs` writes it anew', () => {
    expect(page).toBe(describeImgproxyVariables());
  });

  it('has every variable once', () => {
    const names = imgproxyVariables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(page.split('\n').filter((line) => line.startsWith(`| \`IMGPROXY_${name}\``))).toHaveLength(1);
  });

  it('says of every variable that is not read why', () => {
    for (const { doc, read } of imgproxyVariables) if (!read) expect(doc).toMatch(/^passed over: .{5}/);
  });
});

describe('variables', () => {
  it('that name no server keep every deadline in its order', async () => {
    for (const TIMEOUT of ['3', '5', '30']) {
      const { options } = await configOf({ TIMEOUT, DOWNLOAD_TIMEOUT: '20' });
      expect(options.fetchTotalMs).toBe(Math.min(20_000, Number(TIMEOUT) * 1000 - 100));
    }
    expect((await configOf({ WRITE_TIMEOUT: '7' })).options.requestMs).toBe(7000);
    expect((await configOf({ WRITE_TIMEOUT: '7', TIMEOUT: '9' })).options.requestMs).toBe(9000);
  });

  it('may forbid private addresses', async () => {
    const open = await configOf({});
    expect(open.namespaces.http?.origin).toMatchObject({ allowAddresses: expect.arrayContaining(['10.0.0.0/8']) });
    const closed = await configOf({ ALLOW_PRIVATE_SOURCE_ADDRESSES: 'false' });
    expect(closed.namespaces.http?.origin).toMatchObject({ allowAddresses: [] });
  });

  it('without a limit mean the largest', async () => {
    const { options } = await configOf({ REQUESTS_QUEUE_SIZE: '0', MAX_CLIENTS: '0' });
    expect(options).toMatchObject({ queueJobsMax: 100_000, connectionsMax: 1_000_000 });
  });

  it('name headers', async () => {
    const { namespaces, settings } = await configOf({
      USER_AGENT: 'mine/1',
      CUSTOM_REQUEST_HEADERS: 'X-One=a=b\\;X-Two=c',
      CUSTOM_RESPONSE_HEADERS: 'X-Three=d',
      SERVER_NAME: 'here',
    });
    expect(namespaces.http?.origin).toMatchObject({
      headers: { 'user-agent': 'mine/1', 'x-one': 'a=b', 'x-two': 'c' },
    });
    expect(settings.responseHeaders).toEqual({ 'X-Three': 'd', server: 'here' });
    const bars = await configOf({ CUSTOM_RESPONSE_HEADERS: 'A=1|B=2', CUSTOM_HEADERS_SEPARATOR: '|' });
    expect(bars.settings.responseHeaders).toEqual({ A: '1', B: '2' });
  });

  it('bring presets from a text with any separator, and from a file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'presets');
    writeFileSync(path, '# ours\nsmall=w:50/h:20\n\nsharp=sh:0.7\n');
    const { settings } = await configOf({ PRESETS_PATH: path, PRESETS: 'a=w:1|b=h:2', PRESETS_SEPARATOR: '|' });
    expect(settings.presets).toEqual({ a: 'w:1', b: 'h:2', small: 'w:50/h:20', sharp: 'sh:0.7' });
    expect(await faultsOf({ PRESETS_PATH: join(folder, 'none') })).toContain(
      'IMGPROXY_PRESETS_PATH: expected a readable',
    );
  });

  it('bring presets that can be read', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'presets');
    writeFileSync(path, 'small=w:x\n');
    expect(await faultsOf({ PRESETS: 'a=foo:1' })).toBe(
      'IMGPROXY_PRESETS: dialects[0].presets.a: there is no option "foo"',
    );
    expect(await faultsOf({ PRESETS_PATH: path })).toContain('IMGPROXY_PRESETS_PATH');
    expect(await faultsOf({ INFO_PRESETS: 'a=w:1' })).toContain('IMGPROXY_INFO_PRESETS');
  });

  it('bring presets of /info apart from the others', async () => {
    const { settings } = await configOf({
      INFO_PRESETS: 'a=b:1|b=avg:1',
      PRESETS_SEPARATOR: '|',
      INFO_ONLY_PRESETS: 'true',
    });
    expect(settings.infoPresets).toEqual({ a: 'b:1', b: 'avg:1' });
    expect(settings.infoOnlyPresets).toBe(true);
    expect(settings.presets).toEqual({});
    expect(settings.onlyPresets).toBe(false);
  });

  it('speak of formats in their names', async () => {
    const { settings, options } = await configOf({
      PREFERRED_FORMATS: 'jpeg,tiff',
      SKIP_PROCESSING_FORMATS: 'gif, svg',
      AVIF_SPEED: '8',
      WEBP_EFFORT: '4',
    });
    expect(settings).toMatchObject({ preferredFormats: ['jpg', 'tif'], skipProcessing: ['gif', 'svg'] });
    expect(options).toMatchObject({ avifEffort: 1, webpEffort: 4 });
    expect(await faultsOf({ PREFERRED_FORMATS: 'heic,jpeg,jxl' })).toBe(
      'IMGPROXY_PREFERRED_FORMATS: heic, jxl: not written by preference, expected some of jpeg, jpg, png, gif, webp, avif, tiff',
    );
    expect(await faultsOf({ SKIP_PROCESSING_FORMATS: 'pdf' })).toMatch(
      /^IMGPROXY_SKIP_PROCESSING_FORMATS: pdf: no .* jpeg,/,
    );
  });

  it('tune the encoders of the mount', async () => {
    const { settings } = await configOf({
      JPEG_PROGRESSIVE: 'true',
      JPEG_QUANT_TABLE: '3',
      PNG_QUANTIZE: '1',
      PNG_QUANTIZATION_COLORS: '64',
      WEBP_COMPRESSION: 'near_lossless',
      WEBP_PRESET: 'photo',
      AVIF_SUBSAMPLE: 'off',
    });
    expect(settings).toMatchObject({
      jpegProgressive: true,
      jpegQuantTable: 3,
      pngQuantize: true,
      pngQuantizationColors: 64,
      webpCompression: 'near_lossless',
      webpPreset: 'photo',
      avifSubsample: 'off',
    });
    expect(settings.pngInterlaced).toBeNull();
    expect(await faultsOf({ JPEG_QUANT_TABLE: '9' })).toContain('JPEG_QUANT_TABLE');
    expect(await faultsOf({ WEBP_PRESET: 'poster' })).toContain('WEBP_PRESET');
  });

  it('try formats', async () => {
    const { settings } = await configOf({
      BEST_FORMAT_BY_DEFAULT: '1',
      BEST_FORMAT_MAX_RESOLUTION: '1.5',
      BEST_FORMAT_ALLOW_SKIPS: 'true',
      BEST_FORMAT_COMPLEXITY_THRESHOLD: '5',
    });
    expect(settings).toMatchObject({
      bestFormatByDefault: true,
      bestFormatMaxResolution: 1.5,
      bestFormatAllowSkips: true,
    });
  });

  it('search for the quality', async () => {
    const { settings } = await configOf({
      AUTOQUALITY_METHOD: 'dssim',
      AUTOQUALITY_TARGET: '0.01',
      AUTOQUALITY_MIN: '60',
      AUTOQUALITY_FORMAT_MIN: 'jpeg=50,avif=30',
      AUTOQUALITY_MAX_RESOLUTION: '12',
    });
    expect(settings).toMatchObject({
      autoqualityMethod: 'dssim',
      autoqualityTarget: 0.01,
      autoqualityMin: 60,
      autoqualityFormatMin: { jpg: 50, avif: 30 },
      autoqualityMax: 80,
      autoqualityFormatMax: { avif: 50 },
      autoqualityAllowedError: 0.001,
      autoqualityMaxResolution: 12,
    });
    expect(await faultsOf({ AUTOQUALITY_METHOD: 'best' })).toContain('AUTOQUALITY_METHOD');
  });

  it('name a picture that stands in', async () => {
    const folder = temporaryFolder();
    const { namespaces, settings } = await configOf({
      FALLBACK_IMAGE_PATH: join(folder, 'spare.png'),
      FALLBACK_IMAGE_HTTP_CODE: '0',
      FALLBACK_IMAGE_TTL: '60',
    });
    expect(namespaces.fallback?.origin).toEqual({ kind: 'file', root: folder });
    expect(settings).toMatchObject({
      fallbackImage: { namespace: 'fallback', key: 'spare.png' },
      fallbackImageHttpCode: 0,
      fallbackImageTtlS: 60,
    });
    const remote = await configOf({ FALLBACK_IMAGE_URL: 'http://host/a.png' });
    expect(remote.settings.fallbackImage).toEqual({ namespace: 'http', key: 'http://host/a.png' });
  });

  it('leave no way around the signatures beside the prefix', async () => {
    const config = await configOf({ PATH_PREFIX: '/img', KEY: 'aa', SALT: 'bb', LOCAL_FILESYSTEM_ROOT: '/' });
    const read = (rawPath: string) =>
      refusal(() => parseRequest({ rawPath, rawQuery: null, accept: '', headers: {}, origin: '', nowS: 0 }, config))
        .code;
    expect(read('/img/unsafe/plain/local:///a.png')).toBe('signature_invalid');
    expect(read('/local/a.png/~w_100.webp')).toBe('bad_url');
    expect(read('/unsafe/plain/local:///a.png')).toBe('source_not_found');
  });

  it('sharpen what was made smaller', async () => {
    const { settings } = await configOf({ UNSHARP_MASKING_MODE: 'auto', UNSHARP_MASKING_WEIGHT: '0.5' });
    expect(settings).toMatchObject({
      unsharpMaskingMode: 'auto',
      unsharpMaskingWeight: 0.5,
      unsharpMaskingDivider: 24,
    });
  });

  it('keep results in a folder', async () => {
    const folder = temporaryFolder();
    expect((await configOf({ CACHE_USE: 'fs', CACHE_FS_ROOT: folder })).options.dataDir).toBe(folder);
    expect(await faultsOf({ CACHE_USE: 's3' })).toContain('IMGPROXY_CACHE_USE');
    expect(await faultsOf({ CACHE_USE: 'fs' })).toContain('IMGPROXY_CACHE_FS_ROOT is missing');
  });

  it.each([
    [{ ENABLE_VIDEO_THUMBNAILS: 'true' }, 'IMGPROXY_ENABLE_VIDEO_THUMBNAILS: videos'],
    [{ UNSHARP_MASKING_MODE: 'often' }, 'IMGPROXY_UNSHARP_MASKING_MODE'],
    [{ UNSHARP_MASKING_DIVIDER: '0' }, 'IMGPROXY_UNSHARP_MASKING_DIVIDER'],
    [{ SENTRY_DSN: 'https://x' }, 'IMGPROXY_SENTRY_DSN: errors are in the log'],
    [{ NETWORK: 'unix' }, 'IMGPROXY_NETWORK: unix sockets'],
    [{ PRESETS: 'nonsense' }, 'IMGPROXY_PRESETS: expected presets'],
    [{ DOWNLOAD_TIMEOUT: 'soon' }, 'IMGPROXY_DOWNLOAD_TIMEOUT: expected seconds'],
    [{ AVIF_SPEED: '12' }, 'IMGPROXY_AVIF_SPEED: expected a speed'],
    [{ CUSTOM_RESPONSE_HEADERS: 'nonsense' }, 'IMGPROXY_CUSTOM_RESPONSE_HEADERS: expected headers'],
    [{ TYPO: '' }, ''],
    [{ ENABLE_VIDEO_THUMBNAILS: 'false', UNSHARP_MASKING_MODE: 'none', SENTRY_ENVIRONMENT: 'x' }, ''],
  ])('%j: %s', async (env, problem) => {
    const faults = await faultsOf(env as Record<string, string>);
    if (problem === '') expect(faults).toBe('');
    else expect(faults).toContain(problem);
  });
});

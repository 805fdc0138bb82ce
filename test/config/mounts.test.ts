import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { configOf, faultsOf, photos } from './loading.ts';

describe('mounted grammars', () => {
  it('are none unless they are written', async () => {
    expect((await configOf({ yaml: photos })).mounts).toEqual([]);
  });

  it('stand where they are put, the longest place first, with their defaults', async () => {
    const { mounts } = await configOf({
      yaml: `${photos}dialects:\n  - { grammar: imgproxy, at: / }\n  - { grammar: iiif, at: /iiif/3/ }\n  - { grammar: iiif, namespace: photos }\n`,
    });
    expect(mounts.map(({ grammar, at, namespace }) => [grammar, at, namespace])).toEqual(
      [
        ['iiif', '/iiif/3', null],
        ['iiif', '/photos', 'photos'],
        ['imgproxy', '', null],
      ].sort(([, a = ''], [, b = '']) => String(b).length - String(a).length),
    );
    expect(mounts.find(({ grammar }) => grammar === 'imgproxy')?.settings).toMatchObject({ quality: 80, keys: [] });
  });

  it('take secrets from the environment', async () => {
    const { mounts } = await configOf({
      yaml: `${photos}dialects:\n  - { grammar: imgproxy, secret: "\${TOKEN}" }\n`,
      env: { TOKEN: 'abc' },
    });
    expect(mounts[0]?.settings).toMatchObject({ secret: 'abc' });
  });

  it.each([
    ['- { at: / }', 'dialects[0].grammar: missing: one of'],
    ['- { grammar: nope }', 'dialects[0].grammar: expected one of'],
    ['- { grammar: imgproxy, at: photos }', 'dialects[0].at: expected a path'],
    ['- { grammar: imgproxy, namespace: nope }', 'dialects[0].namespace: expected one of photos'],
    ['- { grammar: imgproxy, qualty: 3 }', 'unknown setting; did you mean `quality`?'],
    ['- { grammar: imgproxy, quality: 300 }', 'dialects[0].quality:'],
    ['- { grammar: imgproxy, keys: [xyz], salts: [aa] }', 'dialects[0].keys[0]: expected hexadecimal digits'],
    [`- { grammar: imgproxy, secret: "\${NOPE}" }`, 'NOPE'],
    [
      '- { grammar: oss, namespace: photos, marks: { "": photo } }',
      'there is no namespace photo; did you mean `photos`?',
    ],
    ['- { grammar: imgproxy, watermark: { namespace: web, key: a.png } }', 'dialects[0]: there is no namespace web'],
    ['- imgproxy', 'dialects[0]: expected a mapping'],
    ['imgproxy: {}', 'dialects: expected a list'],
  ])('%s is a fault', async (text, problem) => {
    const faults = await faultsOf({ yaml: `${photos}dialects:\n  ${text}\n` });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(problem);
    expect(faults[0]).toContain('pileus.yaml:');
  });
});

describe('presets of an imgproxy mount', () => {
  const faults = (settings: string) =>
    faultsOf({ yaml: `${photos}dialects:\n  - { grammar: imgproxy, ${settings} }\n` });

  it('are read at the start, and each fault is named', async () => {
    const found = await faults('presets: { a: "foo:1", b: "w:abc/h:2/q:300", c: "pr:nope", d: "w:1/-/pr:c", e: w }');
    expect(found.map((fault) => fault.replace(/^.*?dialects/, 'dialects'))).toEqual([
      expect.stringContaining('dialects[0].presets.a: there is no option "foo"'),
      expect.stringContaining('dialects[0].presets.b: w: expected a whole number'),
      expect.stringContaining('dialects[0].presets.b: q: expected a whole number'),
      expect.stringContaining('dialects[0].presets.c: there is no preset "nope"'),
      expect.stringContaining('dialects[0].presets.e: w: expected a whole number'),
    ]);
  });

  it('of /info are read as its own', async () => {
    const found = await faults('infoPresets: { a: "avg:1/w:10", b: "blurhash:4", c: "pr:a:d" }, presets: { d: "w:1" }');
    expect(found).toHaveLength(3);
    expect(found[0]).toContain('infoPresets.a: there is no info option "w"');
    expect(found[1]).toContain('infoPresets.b: blurhash: expected components');
    expect(found[2]).toContain('infoPresets.c: there is no preset "d"');
  });

  it('may not say what no URL may say here', async () => {
    const settings = 'presets: { a: "mrd:100" }';
    expect((await faults(settings))[0]).toContain('presets.a: mrd: security options are not allowed');
    expect(await faults(`allowSecurityOptions: true, ${settings}`)).toEqual([]);
  });

  it('may name one another, themselves, marks and fonts of elsewhere, and times that are over', async () => {
    expect(
      await faults(
        'argumentsSeparator: ",", presets: { a: "pr,a,b", b: "wm,1,so/wmt,aGVsbG8/exp,1", default: "rs,fill,10,10" }, infoPresets: { a: "exp,1" }',
      ),
    ).toEqual([]);
  });
});

describe('a configuration in the environment of imgproxy', () => {
  const load = (env: Readonly<Record<string, string>>) =>
    loadConfig({ file: null, env, flags: {}, revision: 1, as: 'imgproxy' });

  it('is whole without a variable', async () => {
    const loaded = await load({});
    expect(loaded.ok && [loaded.config.options.port, loaded.config.options.requestMs]).toEqual([8080, 10_000]);
    expect(loaded.ok && loaded.config.mounts).toMatchObject([
      { grammar: 'imgproxy', at: '', settings: { sources: { http: 'http' } } },
    ]);
  });

  it('says the same in our words', async () => {
    const loaded = await load({
      IMGPROXY_BIND: '127.0.0.1:9999',
      IMGPROXY_LOCAL_FILESYSTEM_ROOT: '/',
      IMGPROXY_KEY: 'aa,bb',
      IMGPROXY_SALT: 'cc,dd',
      IMGPROXY_PATH_PREFIX: 'img',
      IMGPROXY_PRESETS: 'a=w:50/h:20,b=f:webp',
      IMGPROXY_FORMAT_QUALITY: 'jpeg=70,webp=60',
      IMGPROXY_MAX_SRC_RESOLUTION: '0.02',
      IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
      IMGPROXY_AUTO_WEBP: '1',
      IMGPROXY_SANITIZE_SVG: 'true',
      IMGPROXY_ALWAYS_RASTERIZE_SVG: 'true',
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    const { options, mounts, namespaces } = loaded.config;
    expect(options).toMatchObject({ host: '127.0.0.1', port: 9999, sourcePixelsMax: 20_000, svgBytesMax: 4_194_304 });
    expect(mounts[0]).toMatchObject({
      at: '/img',
      settings: {
        sources: { local: 'local', http: 'http' },
        keys: ['aa', 'bb'],
        salts: ['cc', 'dd'],
        presets: { a: 'w:50/h:20', b: 'f:webp' },
        formatQuality: { jpg: 70, webp: 60 },
        autoWebp: true,
        alwaysRasterizeSvg: true,
      },
    });
    expect(namespaces.local?.origin).toEqual({ kind: 'file', root: '/' });
    expect(namespaces.http?.origin).toMatchObject({
      allowAddresses: expect.arrayContaining(['127.0.0.0/8', '10.0.0.0/8']),
    });
  });

  it.each([
    [{ IMGPROXY_NONSENSE: '1' }, 'IMGPROXY_NONSENSE: there is no such variable'],
    [{ IMGPROXY_BIND: 'nonsense' }, 'IMGPROXY_BIND: expected an address'],
    [{ IMGPROXY_SANITIZE_SVG: 'false' }, 'IMGPROXY_SANITIZE_SVG: no SVG is ever handed on as it came'],
    [{ IMGPROXY_USE_S3: 'true' }, 'IMGPROXY_USE_S3: S3'],
    [{ IMGPROXY_QUALITY: '300' }, 'IMGPROXY_QUALITY: dialects[0].quality'],
    [{ IMGPROXY_KEY: 'zz', IMGPROXY_SALT: 'aa' }, 'IMGPROXY_KEY: dialects[0].keys[0]: expected hexadecimal digits'],
    [{ IMGPROXY_KEY: 'aa' }, 'keys and salts'],
    [{ IMGPROXY_LOCAL_FILESYSTEM_ROOT: '/nowhere' }, 'IMGPROXY_LOCAL_FILESYSTEM_ROOT: namespaces.local.origin'],
  ])('%j is a fault that names the variable', async (env, problem) => {
    const loaded = await load(env as Record<string, string>);
    const lines = loaded.ok ? [] : loaded.faults.map(({ at, problem: what }) => `${at}: ${what}`);
    expect(lines.join('\n')).toContain(problem);
  });
});

import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OptionName } from '../../src/config/config.ts';
import { defineOptions } from '../../src/config/define-options.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { environmentName, optionNames, optionSpec } from '../../src/config/option-names.ts';
import { optionTable } from '../../src/config/options.ts';
import { blockFont } from '../fixtures/font.ts';
import { bigMachine, configOf, faultsOf, load, photos, png, temporaryFolder } from './loading.ts';

/** A value that is neither the default nor at odds with any other option's default. */
const otherValues: Partial<Record<OptionName, number>> = {
  softMs: 7000,
  hardMs: 11_000,
  requestMs: 16_000,
  fetchTotalMs: 6000,
  fetchHeadersMs: 2000,
  fetchIdleMs: 1500,
  fetchConnectMs: 900,
  sourceBytesMax: 1_000_000,
  blobBufferBytes: 268_435_456,
  urlBytesMax: 4096,
  headerBytesMax: 32_768,
  lbBufferedBytesMax: 1_073_741_824,
  resultBytesMax: 1_000_000,
  resultPixelsMax: 10_000_000,
  resultSideMax: 4096,
  codelTargetMs: 60,
  queueWaitMsMax: 2000,
  heartbeatMs: 900,
  heartbeatTimeoutMs: 6000,
  adminPort: 9191,
};

function otherValue(name: OptionName): number | boolean | string | readonly string[] {
  const spec = optionSpec(name);
  switch (spec.type) {
    case 'int':
    case 'number':
      return otherValues[name] ?? (spec.default < spec.max ? spec.default + 1 : spec.default - 1);
    case 'bool':
      return !spec.default;
    case 'enum':
      return spec.values.find((value) => value !== spec.default) ?? '';
    case 'list':
      return ['10.0.0.0/8', '::1'];
    case 'string':
      return spec.unit === 'path' ? '/var/lib/other' : 'other.example.com';
  }
}

describe('every option', () => {
  it.each(optionNames)('%s means the same in the file, the environment and a flag', async (name) => {
    const value = otherValue(name);
    const folder = temporaryFolder();
    const written = JSON.stringify(value);
    const text = String(value);
    const inFile = await configOf({ folder, yaml: `${photos}${name}: ${written}\n` });
    const inEnvironment = await configOf({ folder, yaml: photos, env: { [environmentName(name)]: text } });
    const inFlag = await configOf({ folder, yaml: photos, flags: { options: { [name]: text } } });
    expect(optionSpec(name).default).not.toEqual(value);
    expect([inFile, inEnvironment, inFlag].map(({ options }) => options[name])).toEqual([value, value, value]);
  });

  it('has its default where nothing is written, but for the workers', async () => {
    const { options } = await configOf({ yaml: photos });
    const defaults = Object.fromEntries(optionNames.map((name) => [name, optionSpec(name).default]));
    expect(options).toEqual({ ...defaults, workers: 4 });
  });

  it('has a default inside its own range', () => {
    for (const name of optionNames) {
      const spec = optionSpec(name);
      if (spec.type === 'enum') expect(spec.values).toContain(spec.default);
      if (spec.type !== 'int' && spec.type !== 'number') continue;
      expect(spec.default, name).toBeGreaterThanOrEqual(spec.min);
      expect(spec.default, name).toBeLessThanOrEqual(spec.max);
    }
    expect(defineOptions(optionTable)).toBe(optionTable);
  });
});

describe('precedence', () => {
  const yaml = `${photos}port: 1001\nadminPort: 1002\nworkers: 3\n`;

  it('is flag, environment, file, default', async () => {
    const env = { PILEUS_PORT: '2001', PILEUS_ADMIN_PORT: '2002' };
    const { options } = await configOf({ yaml, env, flags: { options: { port: '3001' } } });
    expect([options.port, options.adminPort, options.workers, options.lbs]).toEqual([3001, 2002, 3, 1]);
  });

  it('does not hide a fault in a source that loses', async () => {
    const env = { PILEUS_PORT: 'many' };
    expect(await faultsOf({ yaml: `${photos}port: -1\n`, env, flags: { options: { port: '80' } } })).toEqual([
      'pileus.yaml:2: port: expected a whole number from 0 to 65535 (port), found -1',
      'PILEUS_PORT: expected a whole number from 0 to 65535 (port), found "many"',
    ]);
  });

  it('starts relative paths at the file, or at the current folder', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/node.yaml'), 'dataDir: ./data\nnamespaces: { p: { origin: ../photos } }\n');
    const input = { file: 'etc/node.yaml', flags: {}, revision: 7, cwd: folder, machine: bigMachine };
    const result = await loadConfig({ ...input, env: { PILEUS_RUNTIME_DIR: 'run' } });
    expect(result.ok && [result.config.options.dataDir, result.config.options.runtimeDir]).toEqual([
      join(folder, 'etc/data'),
      join(folder, 'run'),
    ]);
    expect(result.ok && result.config.revision).toBe(7);
  });
});

describe('suffixes', () => {
  it.each([
    ['sourceBytesMax', '32MiB', 33_554_432],
    ['sourceBytesMax', '1.5 mib', 1_572_864],
    ['sourceBytesMax', '2MB', 2_000_000],
    ['requestMs', '20s', 20_000],
    ['requestMs', '1.5min', 90_000],
    ['fetchConnectMs', '250ms', 250],
    ['recycleAgeMs', '1d', 86_400_000],
    ['sourcePixelsMax', '50e6', 50_000_000],
  ] as const)('%s takes %s', async (name, text, value) => {
    expect((await configOf({ yaml: `${photos}${name}: ${text}\n` })).options[name]).toBe(value);
    expect((await configOf({ yaml: photos, env: { [environmentName(name)]: text } })).options[name]).toBe(value);
    expect((await configOf({ yaml: photos, flags: { options: { [name]: text } } })).options[name]).toBe(value);
  });

  it.each([
    ['requestMs', '5MiB', 'a time from 100ms to 10min'],
    ['sourceBytesMax', '5s', 'a size from 1KiB to 2GiB'],
    ['sourceBytesMax', '1.0000001KiB', 'a size from 1KiB to 2GiB'],
    ['framesMax', '5s', 'a whole number from 1 to 100000 (frames)'],
    ['workers', '2.5', 'a whole number from 0 to 256 (processes)'],
    ['workers', '', 'a whole number from 0 to 256 (processes)'],
    ['workers', '0x10', 'a whole number from 0 to 256 (processes)'],
    ['affinityBound', 'NaN', 'a number from 1 to 10'],
    ['accessLog', 'perhaps', 'true or false'],
    ['metadata', 'some', 'one of none, copyright, all'],
    ['trustProxies', '10/8', 'addresses or ranges such as 10.0.0.0/8'],
    ['host', '', 'an address or a host name'],
  ] as const)('%s does not take "%s"', async (name, text, range) => {
    const variable = environmentName(name);
    expect(await faultsOf({ yaml: photos, env: { [variable]: text } })).toEqual([
      `${variable}: expected ${range}, found ${JSON.stringify(text)}`,
    ]);
  });
});

describe('without a file', () => {
  it('serves a folder as the namespace photos, with presets', async () => {
    const folder = temporaryFolder();
    symlinkSync('photos', join(folder, 'link'));
    const config = await configOf({ folder, flags: { folders: ['./link'] } });
    expect(Object.keys(config.namespaces)).toEqual(['photos']);
    expect(config.namespaces.photos).toMatchObject({
      origin: { kind: 'file', root: join(folder, 'link') },
      presets: 'all',
      keys: [],
    });
    expect(Object.values(config.presets).map(({ name, spec }) => `${name}: ${spec}`)).toEqual([
      'thumb: m_cover,w_160,h_160',
      'card: m_cover,w_480,h_320',
      'hero: w_1600',
    ]);
  });

  it('names several folders and origins', async () => {
    const folders = ['a=photos', 'b=./photos'];
    const { namespaces } = await configOf({ flags: { folders, origins: ['c=http://127.0.0.1:9000/x'] } });
    expect(Object.keys(namespaces)).toEqual(['a', 'b', 'c']);
    expect(namespaces.c?.origin).toEqual({
      kind: 'http',
      baseUrl: 'http://127.0.0.1:9000/x/',
      headers: {},
      redirectHosts: [],
      allowAddresses: ['127.0.0.1/32'],
    });
  });

  it('says in one sentence that there is nothing to serve', async () => {
    expect(await faultsOf({})).toEqual([
      'configuration: there is nothing to serve: name a folder (pileus serve ./photos), an --origin name=https://host/path/, or `namespaces` in a configuration file',
    ]);
  });

  it.each([
    [{ folders: ['./photos', './photos'] }, /^\.\/photos: several folders need names, for example photos=\.\/photos$/],
    [{ folders: ['./nowhere'] }, /^\.\/nowhere: expected an existing folder, found nothing: \/.*\/nowhere$/],
    [{ folders: ['-=./photos'] }, /^-=\.\/photos: the name `-` is reserved$/],
    [{ folders: ['Big=./photos'] }, /^Big=\.\/photos: a name is 1 to 32 of a-z, 0-9 and -$/],
    [{ folders: ['a=photos', 'a=photos'] }, /^command line: the namespace a is named twice$/],
    [{ origins: ['https://host/'] }, /^--origin https:\/\/host\/: expected name=https:\/\/host\/path\/$/],
    [{ origins: ['a=ftp://host/'] }, /^--origin a=ftp:\/\/host\/: expected http: or https:, found ftp:$/],
  ])('refuses %o', async (flags, line) => {
    const [first] = await faultsOf({ flags });
    expect(first).toMatch(line);
  });

  it('says so where anyone may ask for anything', async () => {
    const result = await load({ flags: { folders: ['photos'] } });
    expect(result.ok && result.notes).toEqual([
      'without keys any plan within the limits is allowed, for anyone who can reach the port: photos',
    ]);
  });
});

describe('namespaces, presets and assets', () => {
  const whole = `
namespaces:
  hotel:
    origin:
      kind: http
      baseUrl: HTTPS://Images.Example.com:443/hotel
      headers: { Authorization: 'Bearer \${TOKEN}' }
      redirectHosts: [CDN.example.com, 'other.example.com:8443']
      allowAddresses: [10.0.0.0/8, 192.168.1.7, 'fd00::/8']
    presets: [card]
    keys: [{ kid: a, secret: '\${PILEUS_HOTEL_KEY}' }, { kid: '2', secret: sixteen-letters-x }]
    ladder: [640, 320, 320]
    protectOriginals: true
    explain: true
    maxAgeS: 60
    cors: { origins: ['https://www.example.com'] }
    truncated: ok
    animated: false
    limits: { sourceBytesMax: 1MiB, jpegQuality: 60, progressive: true }
presets:
  thumb: w_100
  card: { spec: 'm_cover,w_300,h_200,wm_logo', overrides: [q] }
assets:
  logo: ./logo.png
`;

  it('come out whole', async () => {
    const folder = temporaryFolder();
    const logo = png(12, 7);
    writeFileSync(join(folder, 'logo.png'), logo);
    const env = { TOKEN: 'abc', PILEUS_HOTEL_KEY: 'a secret of the hotel' };
    const config = await configOf({ folder, yaml: whole, env });
    expect(config.namespaces).toEqual({
      hotel: {
        name: 'hotel',
        origin: {
          kind: 'http',
          baseUrl: 'https://images.example.com/hotel/',
          headers: { authorization: 'Bearer abc' },
          redirectHosts: ['cdn.example.com', 'other.example.com:8443'],
          allowAddresses: ['10.0.0.0/8', '192.168.1.7/32', 'fd00::/8'],
        },
        presets: ['card'],
        keys: [
          { kid: 'a', secret: 'a secret of the hotel' },
          { kid: '2', secret: 'sixteen-letters-x' },
        ],
        ladder: [320, 640],
        protectOriginals: true,
        explain: true,
        maxAgeS: 60,
        cors: { origins: ['https://www.example.com'], maxAgeS: 600 },
        truncated: 'ok',
        animated: false,
        limits: { sourceBytesMax: 1_048_576, jpegQuality: 60, progressive: true },
      },
    });
    expect(config.presets).toEqual({
      thumb: { name: 'thumb', spec: 'w_100', overrides: [] },
      card: { name: 'card', spec: 'm_cover,w_300,h_200,wm_logo', overrides: ['q'] },
    });
    const version = createHash('sha256').update(logo).digest('hex').slice(0, 16);
    expect(config.assets).toEqual({
      logo: { name: 'logo', path: join(folder, 'logo.png'), version, width: 12, height: 7 },
    });
  });

  it('take fonts among the assets, which have no size', async () => {
    const folder = temporaryFolder();
    const font = blockFont({ A: 800 });
    writeFileSync(join(folder, 'sans.ttf'), font);
    writeFileSync(join(folder, 'half.ttf'), font.subarray(0, font.length - 100));
    const config = await configOf({ folder, yaml: `${photos}assets:\n  sans: ./sans.ttf\n` });
    const version = createHash('sha256').update(font).digest('hex').slice(0, 16);
    expect(config.assets.sans).toEqual({
      name: 'sans',
      path: join(folder, 'sans.ttf'),
      version,
      width: 0,
      height: 0,
      font: true,
    });
    expect(await faultsOf({ folder, yaml: `${photos}assets:\n  half: ./half.ttf\n` })).toEqual([
      expect.stringContaining('assets.half: the font is broken: '),
    ]);
  });

  it('are data that cannot be changed, and survive the way to a child', async () => {
    const config = await configOf({ yaml: photos });
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    expect(Object.isFrozen(config.namespaces.photos?.origin)).toBe(true);
  });

  it('may be joined by namespaces of the command line', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'others'));
    const { namespaces } = await configOf({
      folder,
      yaml: photos,
      flags: { folders: ['more=others'] },
    });
    expect(Object.values(namespaces).map(({ origin }) => origin)).toEqual([
      { kind: 'file', root: join(folder, 'photos') },
      { kind: 'file', root: join(folder, 'others') },
    ]);
  });

  it.each([{ folders: ['./photos'] }, { origins: ['photos=http://h/'] }])(
    'are never replaced by the command line, which would drop their keys: %o',
    async (flags) => {
      const keys = '\n    keys: [{ kid: a, secret: a-very-long-secret }]\n    protectOriginals: true\n';
      expect(await faultsOf({ yaml: `namespaces:\n  photos:\n    origin: ./photos${keys}`, flags })).toEqual([
        'command line: the namespace photos stands in the file as well (pileus.yaml:2): give one of them another name',
      ]);
    },
  );

  it('repeat by an alias', async () => {
    const yaml = 'namespaces: { a: { origin: &here ./photos }, b: { origin: *here } }\n';
    expect(Object.keys((await configOf({ yaml })).namespaces)).toEqual(['a', 'b']);
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Machine } from '../../src/config/machine.ts';
import { environmentName, isOptionName } from '../../src/config/option-names.ts';
import { bitmap24 } from '../fixtures/bitmaps.ts';
import { gradient } from '../fixtures/pictures.ts';
import { configOf, faultsOf, photos, temporaryFolder } from './loading.ts';

/** A file, and every line that is said of it (or how the line begins). */
const files: readonly (readonly [name: string, yaml: string, faults: readonly string[]])[] = [
  ['an unknown option', `workrs: 4\n${photos}`, ['pileus.yaml:1: unknown option `workrs`; did you mean `workers`?']],
  [
    'an option in another spelling',
    `source_bytes_max: 1MiB\n${photos}`,
    ['pileus.yaml:1: unknown option `source_bytes_max`; did you mean `sourceBytesMax`?'],
  ],
  ['an option like no other', `colour: red\n${photos}`, ['pileus.yaml:1: unknown option `colour`']],
  [
    'an unknown key of a namespace',
    'namespaces:\n  photos:\n    origin: ./photos\n    preset: all\n',
    ['pileus.yaml:4: unknown option `preset` in namespaces.photos; did you mean `presets`?'],
  ],
  [
    'an unknown key of an origin',
    'namespaces:\n  a:\n    origin:\n      kind: http\n      baseUrl: http://h/\n      header: {}\n',
    ['pileus.yaml:6: unknown option `header` in namespaces.a.origin; did you mean `headers`?'],
  ],
  [
    'a limit that no namespace may set',
    'namespaces:\n  photos:\n    origin: ./photos\n    limits:\n      workers: 3\n',
    ['pileus.yaml:5: unknown option `workers` in namespaces.photos.limits'],
  ],
  [
    'limits out of range',
    'namespaces:\n  photos:\n    origin: ./photos\n    limits:\n      jpegQuality: 101\n      framesMax: 0\n',
    [
      'pileus.yaml:5: namespaces.photos.limits.jpegQuality: expected a whole number from 1 to 100, found 101',
      'pileus.yaml:6: namespaces.photos.limits.framesMax: expected a whole number from 1 to 100000 (frames), found 0',
    ],
  ],
  ['no mapping', '- 1\n- 2\n', ['pileus.yaml:1: expected a mapping of options, found a list of 2']],
  ['no YAML', 'port: [1\nhost: x\n', ['pileus.yaml:']],
  ['a key twice', `port: 1\nport: 2\n${photos}`, ['pileus.yaml:2: Map keys must be unique']],
  [
    'several faults, by line',
    'port: 70000\nadminPort: x\nnamespaces:\n  Photos:\n    origin: ./photos\n    truncated: maybe\n    maxAgeS: -1\nlbs: 0\n',
    [
      'pileus.yaml:1: port: expected a whole number from 0 to 65535 (port), found 70000',
      'pileus.yaml:2: adminPort: expected a whole number from 0 to 65535 (port), found "x"',
      'pileus.yaml:4: namespaces.Photos: a name is 1 to 32 of a-z, 0-9 and -',
      'pileus.yaml:6: namespaces.Photos.truncated: expected one of error, ok, found "maybe"',
      'pileus.yaml:7: namespaces.Photos.maxAgeS: expected a whole number from 0 to 31536000, found -1',
      'pileus.yaml:8: lbs: expected a whole number from 1 to 8 (processes), found 0',
    ],
  ],
  [
    'the reserved name',
    "namespaces:\n  '-':\n    origin: ./photos\n",
    ['pileus.yaml:2: namespaces.-: the name `-` is reserved'],
  ],
  [
    'a namespace without an origin',
    'namespaces:\n  photos:\n    animated: true\n',
    ['pileus.yaml:2: namespaces.photos.origin: missing: a folder, a URL, or a mapping with `kind`'],
  ],
  [
    'an origin of no kind',
    'namespaces:\n  photos:\n    origin:\n      kind: ftp\n',
    ['pileus.yaml:4: namespaces.photos.origin.kind: expected one of file, http, url, found "ftp"'],
  ],
  [
    'an origin with a password, and one with a query',
    'namespaces:\n  a:\n    origin: https://me:secret@host/\n  b:\n    origin: https://host/?a=1\n',
    [
      'pileus.yaml:3: namespaces.a.origin: no user and password in the URL; use `headers`',
      'pileus.yaml:5: namespaces.b.origin: no query and no fragment in the URL',
    ],
  ],
  [
    'headers, hosts and addresses of no use',
    `namespaces:
  a:
    origin:
      kind: http
      baseUrl: http://h/
      headers:
        host: other
        'a b': c
        x: "one\\ntwo"
        y: \${NOBODY}
      redirectHosts:
        - good.example.com
        - http://bad/
      allowAddresses:
        - 10/8
        - 1.2.3.4/33
`,
    [
      'pileus.yaml:7: namespaces.a.origin.headers.host: this header is set by pileus itself',
      'pileus.yaml:8: namespaces.a.origin.headers: expected the name of a header',
      'pileus.yaml:9: namespaces.a.origin.headers.x: expected a text without line breaks',
      'pileus.yaml:10: namespaces.a.origin.headers.y: the environment has no `NOBODY`',
      'pileus.yaml:13: namespaces.a.origin.redirectHosts[1]: expected a host, with its port where that is not the usual one, found "http://bad/"',
      'pileus.yaml:15: namespaces.a.origin.allowAddresses[0]: expected an address range such as 10.0.0.0/8, found "10/8"',
      'pileus.yaml:16: namespaces.a.origin.allowAddresses[1]: expected an address range such as 10.0.0.0/8, found "1.2.3.4/33"',
    ],
  ],
  [
    'keys of no use, without a word of the secret',
    `namespaces:
  a:
    origin: ./photos
    keys:
      - { kid: ab, secret: a-very-long-secret }
      - { kid: b, secret: too-short }
      - { kid: c, secret: '\${NO_KEY}' }
      - { kid: d }
`,
    [
      'pileus.yaml:5: namespaces.a.keys[0].kid: expected one character, a-z or 0-9, found a text of 2 characters',
      `pileus.yaml:6: namespaces.a.keys[1].secret: expected a text of at least 16 characters, or \${NAME} of an environment variable, found 9 characters`,
      'pileus.yaml:7: namespaces.a.keys[2].secret: the environment has no `NO_KEY`',
      `pileus.yaml:8: namespaces.a.keys[3].secret: expected a text of at least 16 characters, or \${NAME} of an environment variable`,
    ],
  ],
  [
    'one key id twice',
    `namespaces:
  a:
    origin: ./photos
    keys:
      - { kid: a, secret: a-very-long-secret }
      - { kid: a, secret: another-long-secret }
`,
    ['pileus.yaml:6: namespaces.a.keys[1].kid: the key id "a" stands twice'],
  ],
  [
    'presets that are not there',
    'namespaces:\n  a:\n    origin: ./photos\n    presets: [thumb, huge]\npresets: { thumb: w_1 }\n',
    ['pileus.yaml:4: namespaces.a.presets[1]: expected one of thumb, found "huge"'],
  ],
  [
    'a ladder, CORS and switches of no use',
    `namespaces:
  a:
    origin: ./photos
    ladder: [0, 100]
    cors: { origins: [https://a/b] }
    explain: 1
    animated: 'yes'
`,
    [
      'pileus.yaml:4: namespaces.a.ladder[0]: expected a whole number from 1 to 65535, found 0',
      'pileus.yaml:5: namespaces.a.cors.origins[0]: expected an origin such as https://www.example.com, without a path, found "https://a/b"',
      'pileus.yaml:6: namespaces.a.explain: expected true or false, found 1',
      'pileus.yaml:7: namespaces.a.animated: expected true or false, found "yes"',
    ],
  ],
  [
    'presets of no use',
    `${photos}presets:
  info: w_1
  good: w_100
  bad: w_0
  odd: { spec: w_1, overides: [q] }
  none: 3
  over: { spec: w_1, overrides: [zz] }
  wet: wm_nobody
`,
    [
      'pileus.yaml:3: presets.info: ',
      'pileus.yaml:5: presets.bad: ',
      'pileus.yaml:6: unknown option `overides` in presets.odd; did you mean `overrides`?',
      'pileus.yaml:7: presets.none: expected a mapping of spec, overrides, found 3',
      'pileus.yaml:8: presets.over: ',
      'pileus.yaml:9: presets.wet: ',
    ],
  ],
  [
    'assets of no use',
    `${photos}assets:\n  Logo: ./a.png\n  gone: ./gone.png\n  folder: ./photos\n  text: ./pileus.yaml\n`,
    [
      'pileus.yaml:3: assets.Logo: a name is 1 to 32 of a-z, 0-9 and -',
      'pileus.yaml:4: assets.gone: expected an existing file, found nothing: /',
      'pileus.yaml:5: assets.folder: expected a file: /',
      'pileus.yaml:6: assets.text: the file is no picture that can be decoded: /',
    ],
  ],
];

describe('a file with faults', () => {
  it.each(files)('says all that is wrong: %s', async (_, yaml, lines) => {
    const found = await faultsOf({ yaml });
    expect(found.map((line, index) => line.slice(0, lines[index]?.length))).toEqual(lines);
  });

  it('is a fault when it is not there', async () => {
    const result = await loadConfig({ file: 'no.yaml', env: {}, flags: {}, revision: 1, cwd: temporaryFolder() });
    expect(!result.ok && result.faults[0]).toEqual({ at: 'no.yaml', problem: 'there is no such file' });
  });

  it('names a root that is a file, or is nowhere', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const yaml = 'namespaces:\n  a:\n    origin: ./file\n  b:\n    origin: { kind: file, root: ./nowhere }\n';
    expect(await faultsOf({ folder, yaml })).toEqual([
      `pileus.yaml:3: namespaces.a.origin: expected a folder, found a file: ${folder}/file`,
      `pileus.yaml:5: namespaces.b.origin.root: expected an existing folder, found nothing: ${folder}/nowhere`,
    ]);
  });

  it('names a watermark that cannot be laid over a picture', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'logo.bmp'), bitmap24(gradient(4, 4)));
    const yaml = 'namespaces:\n  a:\n    origin: ./photos\nassets:\n  logo: ./logo.bmp\n';
    expect(await faultsOf({ folder, yaml })).toEqual([
      `pileus.yaml:5: assets.logo: a watermark is JPEG, PNG, WebP, GIF, AVIF or TIFF: ${folder}/logo.bmp`,
    ]);
  });

  it('does not multiply itself by its aliases', async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `l${n}: &l${n} [${Array(9).fill(n ? `*l${n - 1}` : 'x')}]`);
    const faults = await faultsOf({ yaml: `${levels.join('\n')}\n` });
    expect(faults[0]).toBe('pileus.yaml: Excessive alias count indicates a resource exhaustion attack');
  });
});

describe('a secret that stands in the wrong place', () => {
  const secret = 'hunter2-hunter2-hunter2';
  const inNamespace = (lines: string): string => `namespaces:\n  a:\n    origin: ./photos\n${lines}`;
  const inOrigin = (lines: string): string =>
    `namespaces:\n  a:\n    origin:\n      kind: http\n      baseUrl: http://h/\n${lines}`;

  it.each([
    ['keys as a mapping', inNamespace(`    keys: { a: ${secret} }\n`)],
    ['keys as one key', inNamespace(`    keys: { kid: a, secret: ${secret} }\n`)],
    ['keys as a text', inNamespace(`    keys: ${secret}\n`)],
    ['keys as texts', inNamespace(`    keys: [${secret}]\n`)],
    ['a key as a list', inNamespace(`    keys: [[a, ${secret}]]\n`)],
    ['kid and secret swapped', inNamespace(`    keys: [{ kid: ${secret}, secret: a }]\n`)],
    ['a secret for a name', inNamespace(`    keys: [{ ${secret}: a }]\n`)],
    ['a secret in a list', inNamespace(`    keys: [{ kid: a, secret: [${secret}] }]\n`)],
    ['a secret as an alias', inNamespace(`    keys: [{ kid: a, secret: *${secret} }]\n`)],
    ['a secret as a tag', inNamespace(`    keys: [{ kid: a, secret: !${secret} x }]\n`)],
    ['headers as a text', inOrigin(`      headers: "Authorization: Bearer ${secret}"\n`)],
    ['headers as a list', inOrigin(`      headers: [{ authorization: ${secret} }]\n`)],
    ['a header as a list', inOrigin(`      headers: { authorization: [${secret}] }\n`)],
    ['name and value of a header swapped', inOrigin(`      headers: { "Bearer ${secret}": authorization }\n`)],
    ['a namespace as a list', `namespaces: { a: [{ origin: ./photos, keys: [{ kid: a, secret: ${secret} }] }] }\n`],
    ['namespaces as a list', `namespaces: [{ name: a, keys: [{ kid: a, secret: ${secret} }] }]\n`],
    ['an origin as a list', `namespaces: { a: { origin: [{ headers: { authorization: ${secret} } }] } }\n`],
    ['a file as a list', `- { keys: [{ kid: a, secret: ${secret} }] }\n`],
  ])('is not repeated: %s', async (_, yaml) => {
    const faults = await faultsOf({ yaml });
    expect(faults).not.toEqual([]);
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  it.each([`a=https://me:${secret}@host/`, `a=https://host/?token=${secret}`, `https://me:${secret}@host/`])(
    'is not repeated of the command line: --origin %s',
    async (argument) => {
      const faults = await faultsOf({ flags: { origins: [argument] } });
      expect(faults).not.toEqual([]);
      expect(faults.join('\n')).not.toContain('hunter2');
    },
  );

  it('is told by its type and length', async () => {
    expect(await faultsOf({ yaml: inNamespace('    keys: { a: b, c: d }\n') })).toEqual([
      'pileus.yaml:4: namespaces.a.keys: expected a list of keys, each with `kid` and `secret`, found a mapping of 2',
    ]);
  });
});

describe('the environment', () => {
  it('has no unknown PILEUS_ variable', async () => {
    expect(await faultsOf({ yaml: photos, env: { PILEUS_WORKRS: '1', PILEUS_XYZZY: '', HOME: '/' } })).toEqual([
      'PILEUS_WORKRS: unknown environment variable; did you mean `PILEUS_WORKERS`?',
      'PILEUS_XYZZY: unknown environment variable',
    ]);
  });

  it('may hold the addresses that Kubernetes tells of a service called pileus', async () => {
    const env = {
      PILEUS_SERVICE_HOST: '10.0.0.7',
      PILEUS_SERVICE_PORT: '8080',
      PILEUS_SERVICE_PORT_HTTP: '8080',
      PILEUS_PORT: 'tcp://10.0.0.7:8080',
      PILEUS_PORT_8080_TCP: 'tcp://10.0.0.7:8080',
      PILEUS_PORT_8080_TCP_ADDR: '10.0.0.7',
    };
    expect((await configOf({ yaml: `${photos}port: 8123\n`, env })).options.port).toBe(8123);
  });

  it.each(['PILEUS_ROLE', 'PILEUS_CONFIG', 'PILEUS_FAULT_INJECTION', 'PILEUS_CHILD_SLOT'])(
    'may have %s',
    async (name) => {
      expect(await faultsOf({ yaml: photos, env: { [name]: 'x' } })).toEqual([]);
    },
  );
});

describe('flags', () => {
  it('are named in faults as they are typed', async () => {
    expect(await faultsOf({ yaml: photos, flags: { options: { sourceBytesMax: '1', wokers: '1' } } })).toEqual([
      '--wokers: unknown flag; did you mean `--workers`?',
      '--source-bytes-max: expected a size from 1KiB to 2GiB, found "1"',
    ]);
  });
});

describe('relations', () => {
  it.each([
    [
      { softMs: '10s' },
      'PILEUS_SOFT_MS: softMs (10s) has to be at least a second less than hardMs (10s): a worker gives',
    ],
    [
      { softMs: '9001ms' },
      'PILEUS_SOFT_MS: softMs (9001ms) has to be at least a second less than hardMs (10s): a worker gives',
    ],
    [{ hardMs: '20s' }, 'PILEUS_HARD_MS: hardMs (20s) has to be less than requestMs (15s): a killed job'],
    [{ fetchTotalMs: '15s' }, 'PILEUS_FETCH_TOTAL_MS: fetchTotalMs (15s) has to be less than requestMs (15s): '],
    [{ fetchIdleMs: '6s' }, 'PILEUS_FETCH_IDLE_MS: fetchIdleMs (6s) has to be at most fetchTotalMs (5s): '],
    [
      { heartbeatMs: '2500' },
      'PILEUS_HEARTBEAT_MS: heartbeatMs (2500ms) has to be less than half of heartbeatTimeoutMs (5s): ',
    ],
    [{ port: '9090' }, 'PILEUS_PORT: port and adminPort are both 9090: '],
    [
      { sourceBytesMax: '1GiB' },
      'PILEUS_SOURCE_BYTES_MAX: sourceBytesMax (1GiB) has to be at most blobBufferBytes (128MiB): ',
    ],
    [
      { blobBufferBytes: '16MiB' },
      'PILEUS_BLOB_BUFFER_BYTES: sourceBytesMax (32MiB) has to be at most blobBufferBytes (16MiB): ',
    ],
    [
      { resultPixelsMax: '100' },
      'PILEUS_RESULT_PIXELS_MAX: resultSideMax (8192) has to be at most resultPixelsMax (100): ',
    ],
    [
      { resultBytesMax: '1GiB' },
      'PILEUS_RESULT_BYTES_MAX: resultBytesMax (1GiB) has to be at most lbBufferedBytesMax (512MiB): ',
    ],
    [
      { urlBytesMax: '10000', headerBytesMax: '10000' },
      'PILEUS_URL_BYTES_MAX: urlBytesMax (10000) has to be less than headerBytesMax (10000): ',
    ],
  ])('%o', async (options, line) => {
    const named = Object.entries(options).map(([name, value]) => [
      isOptionName(name) ? environmentName(name) : name,
      value,
    ]);
    const found = await faultsOf({ yaml: photos, env: Object.fromEntries(named) });
    expect(found.map((fault) => fault.slice(0, line.length))).toEqual([line]);
  });

  it('leaves a second between the soft and the hard deadline, and no more', async () => {
    expect(await faultsOf({ yaml: `${photos}softMs: 9s\nhardMs: 10s\n` })).toEqual([]);
  });

  it('lets both listeners take a free port', async () => {
    expect(await faultsOf({ yaml: `${photos}port: 0\nadminPort: 0\n` })).toEqual([]);
  });

  it('does not judge an option that is faulty itself', async () => {
    expect(await faultsOf({ yaml: `${photos}hardMs: x\nsoftMs: 14s\n` })).toHaveLength(1);
  });

  it('holds for the limits of a namespace too', async () => {
    const yaml = 'namespaces:\n  a:\n    origin: ./photos\n    limits:\n      sourceBytesMax: 1GiB\n';
    expect(await faultsOf({ yaml })).toEqual([
      'pileus.yaml:5: namespaces.a.limits.sourceBytesMax: sourceBytesMax (1GiB) has to be at most blobBufferBytes (128MiB): a source has to fit the buffer of a worker',
    ]);
  });
});

describe('folders of our own', () => {
  it.each(['./photos', './photos/cache'])('do not lie among the originals: %s', async (dataDir) => {
    expect(await faultsOf({ yaml: `${photos}dataDir: ${dataDir}\n` })).toEqual([
      'pileus.yaml:2: dataDir must not lie in the originals of the namespace photos',
    ]);
  });

  it.each([
    ['a link to a folder among them', 'data', 'photos/cache'],
    ['what is made below such a link', 'data/made/later', 'photos'],
  ])('do not lie among the originals by way of %s', async (_, dataDir, target) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'photos/cache'));
    symlinkSync(target, join(folder, 'data'));
    expect(await faultsOf({ folder, yaml: `${photos}dataDir: ${dataDir}\n` })).toEqual([
      'pileus.yaml:2: dataDir must not lie in the originals of the namespace photos',
    ]);
  });

  it.each(['./photos-cache', '.'])('may lie beside or above them: %s', async (dataDir) => {
    expect(await faultsOf({ yaml: `${photos}dataDir: ${dataDir}\n` })).toEqual([]);
  });
});

describe('memory', () => {
  const small: Machine = { cpus: 2, cpuQuota: null, memoryBytes: 2 ** 31, memoryFrom: 'cgroup' };

  it('has to hold the workers, else the figures are told', async () => {
    expect(await faultsOf({ yaml: `${photos}workers: 4\n`, machine: small })).toEqual([
      'pileus.yaml:2: 4 workers x (blobBufferBytes 128 MiB + workerRssMax 768 MiB) + 1 lbs x resultCacheBytes 128 MiB + 300 MiB for the rest need 4012 MiB, but the cgroup allows 2048 MiB; set workers to at most 1, or lower blobBufferBytes, workerRssMax or resultCacheBytes',
    ]);
  });

  it('is a fault of nobody in particular when all is default', async () => {
    const [line] = await faultsOf({ yaml: photos, machine: { ...small, memoryFrom: 'total', memoryBytes: 2 ** 29 } });
    expect(line).toBe(
      'configuration: 2 workers x (blobBufferBytes 128 MiB + workerRssMax 768 MiB) + 1 lbs x resultCacheBytes 128 MiB + 300 MiB for the rest need 2220 MiB, but this machine has 512 MiB; lower blobBufferBytes, workerRssMax or resultCacheBytes',
    );
  });

  it('fits when the buffers are smaller', async () => {
    expect(await faultsOf({ yaml: `${photos}workerRssMax: 512MiB\n`, machine: small })).toEqual([]);
  });
});

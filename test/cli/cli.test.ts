import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import type { Programs } from '../../src/cli/programs.ts';
import { flagName, optionNames } from '../../src/config/option-names.ts';
import type { MasterStart } from '../../src/master/master.ts';
import { photos, temporaryFolder } from '../config/loading.ts';

type Run = Readonly<{
  code: number;
  out: string;
  err: string;
  starts: readonly MasterStart[];
  samples: readonly string[];
}>;

/** Types words into a shell of its own; the master and the sample maker only write down that they were called. */
async function type(
  words: readonly string[],
  { cwd = temporaryFolder(), env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const starts: MasterStart[] = [];
  const samples: string[] = [];
  const programs: Programs = {
    runMaster: async (start) => {
      starts.push(start);
      const { host, adminHost } = start.config.options;
      start.onReady?.({ host, port: 12_345, adminHost, adminPort: 12_346 });
      return 7;
    },
    makeSampleOriginals: async (folder) => {
      samples.push(folder);
      writeFileSync(join(folder, 'a b.jpg'), '');
      writeFileSync(join(folder, 'c.png'), '');
    },
  };
  // Small enough for any machine: what fits is tested elsewhere.
  const small = { PILEUS_WORKER_RSS_MAX: '64MiB', PILEUS_BLOB_BUFFER_BYTES: '32MiB' };
  const terminal = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    env: { ...small, ...env },
    cwd,
  };
  const code = await runCli(words, terminal, programs);
  return { code, out: out.join('\n'), err: err.join('\n'), starts, samples };
}

function folderWith(yaml: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'pileus.yaml'), yaml);
  return folder;
}

const signing = `
namespaces:
  hotel: { origin: ./photos, keys: [{ kid: k, secret: nephele-test-key-0 }, { kid: b, secret: another-long-secret }] }
  open: { origin: ./photos }
presets: { thumb: w_100 }
`;

describe('nonsense', () => {
  it.each([
    [['serve', '--prot', '80'], "pileus: unknown option '--prot' (Did you mean --port?)"],
    [['sevre'], "pileus: unknown command 'sevre' (Did you mean serve?)"],
    [['serve', '--port'], "pileus: option '--port <value>' argument missing"],
    [['sign'], "pileus: missing required argument 'url'"],
    [['translate', 'a', 'b'], "pileus: too many arguments for 'translate'. Expected 1 argument but got 2."],
  ])('%o gets one sentence and exit code 2', async (words, sentence) => {
    const { code, err, out } = await type(words);
    expect([code, err, out]).toEqual([2, sentence, '']);
  });

  it('gets no more than help when there is nothing at all', async () => {
    const { code, err } = await type([]);
    expect(code).toBe(2);
    expect(err).toContain('Usage: pileus');
  });
});

describe('help', () => {
  it('names every command', async () => {
    const { code, out } = await type(['help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'check-config', 'demo', 'sign', 'translate'])
      expect(out).toContain(`\n  ${command}`);
  });

  it('of serve has a flag for every option', async () => {
    const { code, out } = await type(['serve', '--help']);
    expect(code).toBe(0);
    const flags = out.split('\n').map((line) => line.trim().split(/[ ,]/, 1)[0]);
    for (const name of optionNames) expect(flags).toContain(flagName(name));
  });

  it('says the version of the package', async () => {
    expect(await type(['--version'])).toMatchObject({ code: 0, out: '0.1.0' });
  });
});

describe('serve', () => {
  it('hands the configuration to the master and gives its exit code', async () => {
    const { code, starts } = await type(['serve', './photos', '--port', '0', '--admin-port=0', '--no-access-log']);
    expect(code).toBe(7);
    expect(starts[0]?.config.options).toMatchObject({ port: 0, adminPort: 0, accessLog: false });
    expect(starts[0]?.config.revision).toBe(1);
    expect(starts[0]?.notes.join()).toContain('without keys any plan within the limits is allowed');
  });

  it('reads everything again when the master asks, with a growing revision', async () => {
    const cwd = folderWith(`${photos}jpegQuality: 70\n`);
    const { starts } = await type(['serve', '--webp-quality', '33'], { cwd });
    writeFileSync(join(cwd, 'pileus.yaml'), `${photos}jpegQuality: 71\n`);
    const next = await starts[0]?.reload();
    expect(
      next?.ok && [next.config.revision, next.config.options.jpegQuality, next.config.options.webpQuality],
    ).toEqual([2, 71, 33]);
    writeFileSync(join(cwd, 'pileus.yaml'), 'jpegQuality: 0\n');
    expect((await starts[0]?.reload())?.ok).toBe(false);
  });

  it('does not start with a fault, and prints all of them', async () => {
    const cwd = folderWith('prot: 1\nnamespaces: { a: { origin: ./nowhere } }\n');
    const { code, starts, err } = await type(['serve', '--workers', 'x'], { cwd });
    expect([code, starts]).toEqual([1, []]);
    expect(err.split('\n')).toEqual([
      'pileus.yaml:1: unknown option `prot`; did you mean `port`?',
      `pileus.yaml:2: namespaces.a.origin: expected an existing folder, found nothing: ${cwd}/nowhere`,
      '--workers: expected a whole number from 0 to 256 (processes), found "x"',
      '3 faults',
    ]);
  });

  it.each([
    ['the flag', ['-c', 'flag.yaml'], { PILEUS_CONFIG: 'env.yaml' }, 'flag'],
    ['the environment', [], { PILEUS_CONFIG: 'env.yaml' }, 'env'],
    ['the usual file', [], {}, 'usual'],
    ['no file beside a folder', ['photos'], {}, 'photos'],
    ['no file beside an origin', ['--origin', 'x=http://h/'], {}, 'x'],
  ] as const)('reads the file of %s', async (_, words, env, namespace) => {
    const cwd = temporaryFolder();
    for (const [file, name] of [
      ['flag', 'flag'],
      ['env', 'env'],
      ['pileus', 'usual'],
    ]) {
      writeFileSync(join(cwd, `${file}.yaml`), `namespaces: { ${name}: { origin: ./photos } }\n`);
    }
    const { starts } = await type(['serve', ...words], { cwd, env });
    expect(Object.keys(starts[0]?.config.namespaces ?? {})).toEqual([namespace]);
  });
});

describe('check-config', () => {
  it('says what would be served', async () => {
    const cwd = folderWith(`${signing}workers: 3\n`);
    const { code, out, starts } = await type(['check-config'], { cwd });
    expect([code, starts]).toEqual([0, []]);
    expect(out.split('\n')).toEqual([
      'pileus.yaml: no faults',
      'listeners: 127.0.0.1:8080, admin 127.0.0.1:9090',
      'processes: 3 workers, 1 lb',
      `namespace hotel: file ${cwd}/photos, all presets, keys k, b`,
      `namespace open: file ${cwd}/photos, all presets, no keys`,
      'presets: thumb',
      'assets: none',
      'note: without keys any plan within the limits is allowed, for anyone who can reach the port: open',
    ]);
  });

  it('prints every fault and exits with 1', async () => {
    const { code, out } = await type(['check-config', '-c', 'pileus.yaml'], { cwd: folderWith('port: x\nlbs: 9\n') });
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'pileus.yaml:1: port: expected a whole number from 0 to 65535 (port), found "x"',
      'pileus.yaml:2: lbs: expected a whole number from 1 to 8 (processes), found 9',
      '2 faults',
    ]);
  });
});

describe('sign', () => {
  const path = '/hotel/g1/M00/ab.jpg/~h_200,w_300,m_cover,q_80.jpg';
  const signed = '/hotel/g1/M00/ab.jpg/~m_cover,w_300,h_200,q_80~kkdd6-yCmEfh7Yox78k_0wQ.jpg';

  it.each([
    ['a path', [path], signed],
    ['a whole URL', [`http://images.example.com:8080${path}`], `http://images.example.com:8080${signed}`],
    ['a path that is signed already', [signed], signed],
    ['with the other key', [path, '--kid', 'b'], expect.stringContaining(',q_80~b')],
    ['with an expiry', [path, '--expires-in', '2h'], expect.stringMatching(/,e_[0-9a-z]{4}~k[\w-]{22}\.jpg$/)],
  ])('%s', async (_, words, out) => {
    const cwd = folderWith(signing);
    expect(await type(['sign', ...words], { cwd })).toMatchObject({ code: 0, out, err: '' });
  });

  it.each([
    ['a key that is not live', [path, '--kid', 'z'], /has no key `z`/],
    ['a namespace without keys', ['/open/a.jpg/~w_1.jpg'], /The namespace `open` has no key/],
    ['a namespace that does not exist', ['/constructor/a.jpg/~w_1.jpg'], /There is no namespace "constructor"/],
    ['a time that is none', [path, '--expires-in', 'soon'], /--expires-in takes a time such as 12h or 7d, got "soon"/],
    ['nonsense', ['nonsense'], /^pileus: The URL is not well formed\./],
  ])('refuses %s in one sentence', async (_, words, sentence) => {
    const { code, err, out } = await type(['sign', ...words], { cwd: folderWith(signing) });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toContain('\n');
  });
});

describe('translate', () => {
  it.each([
    ['/photos/a.jpg/~h_200,m_fit,w_300.webp', '/photos/a.jpg/~w_300,h_200.webp'],
    ['https://h/any/a%20b.jpg/%7Ew_0300%2Cq_80.jpg', 'https://h/any/a%20b.jpg/~w_300,q_80.jpg'],
    ['/photos/a.jpg/~dpr_2,w_100.png', '/photos/a.jpg/~w_200.png'],
  ])('%s is %s, with no configuration at all', async (url, canonical) => {
    expect(await type(['translate', url])).toMatchObject({ code: 0, out: canonical, err: '' });
  });

  it('knows the presets of the configuration', async () => {
    const cwd = folderWith(signing);
    expect(await type(['translate', '/open/a.jpg/~thumb.webp'], { cwd })).toMatchObject({ code: 0 });
    expect(await type(['translate', '/open/a.jpg/~huge.webp'], { cwd })).toMatchObject({ code: 2 });
  });

  it('says what is not understood', async () => {
    const { code, err } = await type(['translate', '/photos/a.jpg/~zz_1.webp']);
    expect(code).toBe(2);
    expect(err).toMatch(/^pileus: .*zz/);
  });
});

describe('sign and translate', () => {
  it.each([
    ['sign', '/far/a.jpg/~w_300.webp', /^\/far\/a\.jpg\/~w_300~k[\w-]{22}\.webp$/],
    ['translate', '/open/a.jpg/~tx_SGVsbG8.sans_s_24.webp', /^\/open\/a\.jpg\/~tx_SGVsbG8\.sans_s_24\.webp$/],
    ['translate', '/open/a.jpg/~wm_logo,w_0300.webp', /^\/open\/a\.jpg\/~w_300,wm_logo.*\.webp$/],
  ])('%s needs neither the folders nor the memory of the node', async (command, url, out) => {
    const far = '{ origin: ./not-on-this-machine, keys: [{ kid: k, secret: a-very-long-secret }] }';
    const cwd = folderWith(
      `namespaces: { far: ${far}, open: { origin: ./nor-this } }\nassets: { logo: ./not-here.png, sans: ./nor-this.ttf }\nworkers: 256\n`,
    );
    const result = await type([command, url], { cwd, env: { PILEUS_WORKER_RSS_MAX: '64GiB' } });
    expect(result).toMatchObject({ code: 0, err: '', out: expect.stringMatching(out) });
  });
});

describe('demo', () => {
  it('makes samples, says what to try, and serves them', async () => {
    const cwd = folderWith('nothing: in it\n');
    const { code, out, starts, samples } = await type(['demo', '--port', '0'], {
      cwd,
      env: { PILEUS_CONFIG: 'no' },
    });
    const folder = join(cwd, 'pileus-demo');
    expect([code, samples]).toEqual([7, [folder]]);
    expect(starts[0]?.config.namespaces.photos?.origin).toEqual({ kind: 'file', root: folder });
    expect(out.split('\n')).toEqual([
      `sample originals are in ${folder}; try:`,
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~card.auto',
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~m_cover,w_300,h_200.webp',
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~hero,dpr_2.avif',
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~info.json',
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~explain,w_640.json',
      '  http://127.0.0.1:12345/photos/a%20b.jpg/~orig.jpg',
      '  http://127.0.0.1:12345/photos/c.png/~thumb.webp',
    ]);
  });

  it('prints only URLs that are understood', async () => {
    const { out } = await type(['demo']);
    for (const url of out.match(/http:\S+/g) ?? []) expect(await type(['translate', url])).toMatchObject({ err: '' });
  });

  it('makes nothing when it could not serve', async () => {
    const { code, samples, err } = await type(['demo', 'photos', '--workers', 'no']);
    expect([code, samples]).toEqual([1, []]);
    expect(err).toMatch(/^--workers: /);
  });

  it('takes a folder', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'mine'));
    expect((await type(['demo', 'mine'], { cwd })).samples).toEqual([join(cwd, 'mine')]);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkConfig } from '../../src/cli/check-config.ts';
import { translate } from '../../src/cli/translate.ts';

const page = readFileSync(new URL('../../docs/migrate.md', import.meta.url), 'utf8');

/** Each section's configuration and the URL below it. */
const sections = page
  .split('\n## ')
  .slice(1)
  .map((text) => {
    const [, yaml = '', url = ''] = /```yaml\n(.*?)```\n\n```\n(.*?)\n```/s.exec(text) ?? [];
    return { name: text.split('\n', 1)[0] ?? '', yaml, url };
  });

/** Secrets that the snippets name, and limits that fit any machine. */
const env = {
  IMGPROXY_KEY: '00'.repeat(32),
  IMGPROXY_SALT: '11'.repeat(32),
  THUMBOR_KEY: 'a secret of thumbor',
  IMAGOR_SECRET: 'a secret of imagor',
  PILEUS_WORKER_RSS_MAX: '64MiB',
  PILEUS_BLOB_BUFFER_BYTES: '32MiB',
};

function terminalAt(yaml: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'pileus-migrate-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const folder of ['photos', 'public', 'maps']) mkdirSync(join(cwd, folder));
  writeFileSync(join(cwd, 'pileus.yaml'), yaml);
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  return { terminal: { out: say, err: say, env, cwd }, lines };
}

it('has a section for each server that people come from', () => {
  expect(sections.map(({ name }) => name)).toEqual([
    'imgproxy',
    'thumbor',
    'imagor',
    'imaginary',
    'weserv',
    'ipx',
    'Next.js',
    'IIIF servers',
    'Aliyun OSS',
    'Qiniu',
    'Tencent',
    'Cloudflare',
    'nephele',
  ]);
});

describe.each(sections)('from $name', ({ yaml, url }) => {
  it('the configuration has no faults', async () => {
    const { terminal, lines } = terminalAt(yaml);
    const code = await checkConfig({ folders: [], options: { config: 'pileus.yaml' } }, terminal);
    expect({ code, lines }).toMatchObject({ code: 0 });
  });

  it('the URL has a native one', async () => {
    // Signed URLs are made with secrets of their own: the example is an unsigned one.
    const { terminal, lines } = terminalAt(yaml.replace(/^ +(?:keys|salts): \[.*\n/gm, ''));
    const code = await translate(url, { config: 'pileus.yaml' }, 1_760_000_000_000, terminal);
    expect({ code, lines }).toMatchObject({ code: 0 });
    expect(lines[0]).toMatch(/^\/(?:photos|public|maps)\/a\.jpg\/~/);
  });
});

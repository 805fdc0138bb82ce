import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../config/loading.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Says at the end whether libvips was loaded. */
const watchVips =
  "process.on('exit', () => console.log('vips', process.report.getReport().sharedObjects.some((name) => /sharp|vips/.test(name))))";

const small = { PILEUS_WORKER_RSS_MAX: '64MiB', PILEUS_BLOB_BUFFER_BYTES: '32MiB' };

describe.skipIf(!existsSync(main))('the built program', () => {
  it('says its version', () => {
    expect(execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' })).toBe('0.1.0\n');
  });

  it('exits with 2 for nonsense, and with 1 for a faulty configuration', () => {
    const cwd = temporaryFolder();
    const run = (...words: string[]) => spawnSync(process.execPath, [main, ...words], { cwd, encoding: 'utf8' });
    const nonsense = run('serve', '--nonsense');
    expect([nonsense.status, nonsense.stderr]).toEqual([2, "pileus: unknown option '--nonsense'\n"]);
    const faulty = run('serve', join(cwd, 'photos'), '--port', 'x');
    expect([faulty.status, faulty.stdout]).toEqual([1, '']);
    expect(faulty.stderr).toContain('--port: expected a whole number from 0 to 65535 (port), found "x"\n');
  });

  it('checks a configuration without loading libvips', () => {
    const words = ['--import', `data:text/javascript,${encodeURIComponent(watchVips)}`, main, 'check-config', 'photos'];
    const env = { ...process.env, ...small };
    const { status, stdout } = spawnSync(process.execPath, words, { cwd: temporaryFolder(), env, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toContain('the configuration: no faults\n');
    expect(stdout).toContain('vips false\n');
  });
});

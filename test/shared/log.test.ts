import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../src/shared/log.ts';

let folder = '';
let fd = -1;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pileus-log-'));
  fd = openSync(join(folder, 'out'), 'a');
});
afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});
const written = (): string => readFileSync(join(folder, 'out'), 'utf8');

describe('log', () => {
  it('writes one JSON object a line, with who, when, level and event', async () => {
    const { log, flush } = openLog(
      { logLevel: 'info', logPretty: 'off' },
      { role: 'worker', slot: 3, generation: 2 },
      { fd, isTerminal: true },
    );
    log.info({ event: 'child-started', revision: 7 }, 'up');
    log.debug({ event: 'job' }, 'not written');
    await flush(5000);
    const lines = written().trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      role: 'worker',
      slot: 3,
      generation: 2,
      pid: process.pid,
      event: 'child-started',
      revision: 7,
      msg: 'up',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('changes its level while running', async () => {
    const { log, setLevel, flush } = openLog(
      { logLevel: 'error', logPretty: 'off' },
      { role: 'master' },
      { fd, isTerminal: false },
    );
    log.info({ event: 'note' }, 'silent');
    setLevel('info');
    log.info({ event: 'note' }, 'spoken');
    await flush(5000);
    expect(written()).toContain('spoken');
    expect(written()).not.toContain('silent');
  });

  it('writes readable lines where they are wanted', async () => {
    const { log, flush } = openLog(
      { logLevel: 'info', logPretty: 'auto' },
      { role: 'lb', slot: 0, generation: 1 },
      { fd, isTerminal: true },
    );
    log.warn({ event: 'access' }, 'refused at the door');
    await flush(5000);
    expect(written()).toContain('lb 0 refused at the door');
    expect(() => JSON.parse(written())).toThrow();
  });

  it('drops and counts lines when nobody reads standard output, and writes again when somebody does', async () => {
    const path = join(folder, 'pipe');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    // Opened for reading too, so that opening does not wait for a reader.
    const blocked = openSync(path, 'r+');
    const { log, linesDropped, flush } = openLog(
      { logLevel: 'info', logPretty: 'off' },
      { role: 'worker', slot: 0, generation: 1 },
      { fd: blocked, isTerminal: false },
    );
    const line = 'x'.repeat(1000);
    for (let i = 0; i < 5000; i += 1) log.info({ event: 'note' }, line);
    expect(linesDropped()).toBeGreaterThan(1000);

    const reader = spawn('cat', [path], { stdio: 'ignore' });
    await flush(10_000);
    const droppedUntilNow = linesDropped();
    log.info({ event: 'note' }, line);
    expect(linesDropped()).toBe(droppedUntilNow);
    await flush(10_000);
    reader.kill('SIGKILL');
  });
});

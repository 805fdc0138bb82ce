import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../helpers/pileus.ts';
import { type Herd, startHerd, until, workerPids } from './herd.ts';

type FlightRecord = Readonly<{
  cause: string;
  details: Readonly<{ jobs: readonly Readonly<{ key: string }>[] }> | null;
  samples: readonly Readonly<{ children: readonly Readonly<{ role: string; rssBytes: number }>[] }>[];
  jobs: readonly Readonly<{ outcome: string | null; subject: Readonly<{ key: string }> }>[];
}>;

describe('the flight record', { timeout: 60_000 }, () => {
  const dataDir = path.join(scratchFolder(), 'data');
  const folder = path.join(dataDir, 'flight');
  const recordsMax = 3;
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ dataDir, flightRecordsMax: recordsMax });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  const names = (): readonly string[] => readdirSync(folder).sort();
  const read = (name: string): FlightRecord =>
    JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as FlightRecord;

  it('of a death names the picture that was in libvips, and what everybody did', async () => {
    const key = herd.poison('segv');
    await herd.node.get(`/photos/${key}/~w_50.jpg`);
    const { file } = await herd.untilLine('flight-record');
    const record = read(path.basename(String(file)));
    expect(record.cause).toContain(key);
    expect(record.details?.jobs).toMatchObject([{ key }]);
    // The picture is tried once more: the last record may be that of its second death, and then it knows both.
    const died = record.jobs.filter(({ outcome }) => outcome === 'died').map(({ subject }) => subject.key);
    expect(new Set(died)).toEqual(new Set([key]));
    expect(record.samples.length).toBeGreaterThan(0);
    expect(new Set(record.samples.flatMap(({ children }) => children.map(({ role }) => role)))).toEqual(
      new Set(['lb', 'worker']),
    );
  });

  it('is written on request', async () => {
    const reply = await herd.node.admin('/flight-record', { method: 'POST' });
    expect(reply.status).toBe(200);
    const { file } = reply.json() as { file: string };
    expect(read(path.basename(file)).cause).toBe('on request');
  });

  it('is kept a few times and no more', async () => {
    for (let i = 0; i < recordsMax; i++) {
      const [pid = 0] = workerPids(await herd.calm());
      process.kill(pid, 'SIGKILL');
      await herd.untilLine('child-exited', { childPid: pid });
    }
    const causes = (): readonly string[] => names().map((name) => (name.startsWith('.') ? '' : read(name).cause));
    await until(() => causes().every((cause) => cause.includes('killed (SIGKILL)')), 'the last records');
    expect(names()).toHaveLength(recordsMax);
  });
});

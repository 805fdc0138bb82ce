import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlightRecorder } from '../../src/master/flight-recorder.ts';
import { SlotTable } from '../../src/master/slot-table.ts';
import { lbBeat, workerBeat } from './table.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pileus-flight-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = { cause: 'test', details: { slot: 1 }, nowMs: 5, jobs: [] };
const child = (generation: number) => ({ pid: generation, generation, socketPath: '', bornAtMs: 0 });

describe('flight recorder', () => {
  it('keeps the last minute of every child', () => {
    const table = new SlotTable(() => 0.5);
    table.born({ role: 'lb', slot: 0 }, child(1), 10);
    table.born({ role: 'worker', slot: 0 }, child(2), 10);
    table.born({ role: 'worker', slot: 1 }, child(3), 10);
    table.becameReady(1, 1e9, 0);
    table.becameReady(2, 1e9, 0);
    table.heard(1, { type: 'beat', beat: lbBeat() }, 1, 1e9);
    table.heard(2, { type: 'beat', beat: workerBeat() }, 1, 1e9);
    const recorder = new FlightRecorder(folder, 4);
    for (let second = 0; second < 100; second += 1) recorder.sample(table.slots, second * 1000);
    expect(recorder.samples).toHaveLength(60);
    expect(recorder.samples[0]?.wallMs).toBe(40_000);
    expect(recorder.samples[0]?.children).toEqual([
      { role: 'lb', slot: 0, generation: 1, state: 'ready', rssBytes: 90e6, cpuShare: 0.2, inFlight: 2, queue: 4 },
      { role: 'worker', slot: 0, generation: 2, state: 'ready', rssBytes: 100e6, cpuShare: 0.5, inFlight: 1, queue: 2 },
      { role: 'worker', slot: 1, generation: 3, state: 'starting', rssBytes: 0, cpuShare: 0, inFlight: 0, queue: 0 },
    ]);
  });

  it('writes a record that can be read again', async () => {
    const recorder = new FlightRecorder(join(folder, 'new', 'folder'), 4);
    recorder.sample([], 1000);
    const name = await recorder.dump(record, Date.UTC(2026, 0, 2));
    const read = JSON.parse(readFileSync(join(folder, 'new', 'folder', name ?? ''), 'utf8'));
    expect(read).toEqual({
      ...record,
      writtenAt: '2026-01-02T00:00:00.000Z',
      samples: [{ wallMs: 1000, children: [] }],
    });
  });

  it('removes the oldest beyond its number, and nothing that is not its own', async () => {
    writeFileSync(join(folder, 'a-note.json'), '{}');
    const recorder = new FlightRecorder(folder, 3);
    const names: (string | null)[] = [];
    for (let i = 0; i < 5; i += 1) names.push(await recorder.dump(record, i));
    expect(readdirSync(folder).sort()).toEqual(['a-note.json', ...names.slice(2)].sort());
  });

  it('writes a bounded number at once', async () => {
    const recorder = new FlightRecorder(folder, 100);
    const names = await Promise.all(Array.from({ length: 20 }, (_, i) => recorder.dump(record, i)));
    expect(names.filter((name) => name !== null)).toHaveLength(4);
  });

  it('writes none where none are kept', async () => {
    expect(await new FlightRecorder(folder, 0).dump(record, 0)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('can be asked again after it has failed', async () => {
    writeFileSync(join(folder, 'file'), '');
    const recorder = new FlightRecorder(join(folder, 'file'), 3);
    for (let i = 0; i < 10; i += 1) await expect(recorder.dump(record, i)).rejects.toThrow();
  });
});

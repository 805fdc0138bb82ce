import { describe, expect, it } from 'vitest';
import { SlotTable } from '../../src/master/slot-table.ts';
import { jobStarted, raw, workerBeat } from './table.ts';

const name = { role: 'worker', slot: 0 } as const;
const child = (generation = 1) => ({ pid: 77, generation, socketPath: '/s', bornAtMs: 0 });
const rssMax = 500e6;

function ready(generation = 1): SlotTable {
  const table = new SlotTable(() => 0.5);
  table.born(name, child(generation), 1000);
  table.becameReady(generation, 1e9, 100);
  return table;
}

describe('slot table', () => {
  it('names the pictures that a dead worker had started and not ended', () => {
    const table = ready();
    table.heard(1, jobStarted('done'), 200, rssMax);
    table.heard(1, { type: 'job-ended', jobId: 'done', outcome: 'ok' }, 210, rssMax);
    table.heard(1, jobStarted('open', 3000), 220, rssMax);
    const end = table.exited(1, raw(null, 'SIGSEGV'), false, 500);
    expect(end).toMatchObject({ exit: 'crashed', wasReady: true, uptimeMs: 500 });
    expect(end?.jobs).toMatchObject([{ jobId: 'open', startedAtMs: 220, killAtMs: 3220 }]);
  });

  it('names them of a worker that the master itself has killed, too', () => {
    const table = ready();
    table.heard(1, jobStarted('open'), 220, rssMax);
    table.killed(1, 'deadline', 9999);
    const end = table.exited(1, raw(null, 'SIGKILL'), false, 500);
    expect(end).toMatchObject({ exit: 'deadline', jobs: [{ jobId: 'open' }] });
  });

  it('fills the place of a worker that had served at once', () => {
    const table = ready();
    table.exited(1, raw(null, 'SIGKILL'), false, 5000);
    expect(table.slots).toEqual([{ ...name, bootFailures: 0, state: 'waiting', spawnAtMs: 5000 }]);
    expect(table.failedStarts('worker', 5000)).toBe(0);
  });

  it('waits longer each time a start fails', () => {
    const table = new SlotTable(() => 0.5);
    const waits: number[] = [];
    for (let generation = 1; generation <= 4; generation += 1) {
      table.born(name, child(generation), 1000);
      table.exited(generation, raw(1), false, 0);
      const [slot] = table.slots;
      if (slot?.state === 'waiting') waits.push(slot.spawnAtMs);
    }
    expect(waits).toEqual([100, 200, 400, 800]);
    expect(table.failedStarts('worker', 0)).toBe(4);
    expect(table.failedStarts('worker', 60_000)).toBe(0);
    expect(table.failedStarts('lb', 0)).toBe(0);
  });

  it('counts a process that the system would not start as a failed start', () => {
    const table = new SlotTable(() => 0.5);
    table.stillborn(name, 0);
    table.stillborn(name, 0);
    expect(table.slots).toEqual([{ ...name, bootFailures: 2, state: 'waiting', spawnAtMs: 200 }]);
    expect(table.failedStarts('worker', 0)).toBe(2);
  });

  it('gives up the place of a child that was to leave', () => {
    const table = ready();
    table.draining(1, 'recycle', 9000);
    expect(table.exited(1, raw(0), false, 500)?.exit).toBe('recycled');
    expect(table.slots).toEqual([]);
  });

  it('helps a child that has drained and does not go', () => {
    const table = ready();
    table.draining(1, 'stop', 90_000);
    table.heard(1, { type: 'drained' }, 500, rssMax);
    expect(table.slots[0]).toMatchObject({ state: 'draining', killAtMs: 1500 });
  });

  it('hears any message as a sign of life', () => {
    const table = ready();
    table.heard(1, { type: 'backend-broken', slot: 0, generation: 1 }, 4321, rssMax);
    expect(table.slots[0]).toMatchObject({ heardAtMs: 4321 });
  });

  it('counts fat heartbeats in a row', () => {
    const table = ready();
    const beat = (rssBytes: number) => table.heard(1, { type: 'beat', beat: workerBeat({ rssBytes }) }, 1, rssMax);
    beat(600e6);
    beat(600e6);
    expect(table.slots[0]).toMatchObject({ fatBeats: 2 });
    beat(100e6);
    expect(table.slots[0]).toMatchObject({ fatBeats: 0 });
  });

  it('bounds the open jobs of one child', () => {
    const table = ready();
    for (let i = 0; i < 200; i += 1) table.heard(1, jobStarted(`j${i}`), i, rssMax);
    const [slot] = table.slots;
    expect(slot?.state === 'ready' && slot.jobs.length).toBe(64);
    expect(slot?.state === 'ready' && slot.jobs.at(-1)?.jobId).toBe('j199');
  });

  it('ignores what is said of children that are not there', () => {
    const table = ready();
    table.heard(99, { type: 'drained' }, 1, rssMax);
    table.becameReady(99, 1, 1);
    table.draining(99, 'stop', 1);
    table.killed(99, 'stuck', 1);
    expect(table.exited(99, raw(0), false, 1)).toBeUndefined();
    expect(table.slots).toHaveLength(1);
    expect(table.slots[0]?.state).toBe('ready');
  });

  it('does not let a killed or draining child become ready again', () => {
    const table = ready();
    table.killed(1, 'stuck', 9);
    table.becameReady(1, 1, 1);
    table.draining(1, 'stop', 1);
    expect(table.slots[0]?.state).toBe('killed');
  });
});

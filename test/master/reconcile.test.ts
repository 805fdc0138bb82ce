import { describe, expect, it } from 'vitest';
import { type Action, reconcile } from '../../src/master/reconcile.ts';
import type { Child, Live, OpenJob, Slot } from '../../src/master/slot.ts';
import { subject, wanted, workerBeat } from './table.ts';

const now = 100_000;
const child = (generation: number): Child => ({ pid: 1000 + generation, generation, socketPath: '', bornAtMs: 0 });
const live: Live = {
  readyAtMs: 0,
  heardAtMs: now,
  beat: null,
  beatAtMs: now,
  fatBeats: 0,
  recycleAfterJobs: Number.POSITIVE_INFINITY,
  jobs: [],
};
type Role = Slot['role'];
const ready = (role: Role, slot: number, generation: number, over: Partial<Live> = {}): Slot => ({
  role,
  slot,
  bootFailures: 0,
  state: 'ready',
  child: child(generation),
  ...live,
  ...over,
});
const starting = (role: Role, slot: number, generation: number, readyByMs = now + 9000): Slot => ({
  role,
  slot,
  bootFailures: 0,
  state: 'starting',
  child: child(generation),
  readyByMs,
});
const waiting = (role: Role, slot: number, spawnAtMs: number): Slot => ({
  role,
  slot,
  bootFailures: 1,
  state: 'waiting',
  spawnAtMs,
});
const draining = (role: Role, slot: number, generation: number, killAtMs: number, over: Partial<Live> = {}): Slot => ({
  role,
  slot,
  bootFailures: 0,
  state: 'draining',
  child: child(generation),
  reason: 'renew',
  killAtMs,
  ...live,
  ...over,
});
const job = (killAtMs: number): OpenJob => ({
  jobId: 'j',
  requestId: 'r',
  subject: subject(),
  pixels: 1,
  startedAtMs: 0,
  killAtMs,
});
const lb = ready('lb', 0, 1);
const full = [lb, ready('worker', 0, 2), ready('worker', 1, 3)];

/** `drain worker 1 renew`, `kill worker 0 stuck`, `spawn lb 0`. */
const told = (actions: readonly Action[]): string[] =>
  actions.map((action) => {
    if (action.do === 'give-up') return `give-up ${action.role}`;
    const why = action.do === 'drain' ? ` ${action.reason}` : action.do === 'kill' ? ` ${action.cause}` : '';
    return `${action.do} ${action.role} ${action.slot}${why}`;
  });
const act = (over: Parameters<typeof wanted>[0], slots: readonly Slot[], nowMs = now): string[] =>
  told(reconcile(wanted(over), slots, nowMs).actions);

describe('keeping the number', () => {
  it('starts everybody on an empty table', () => {
    expect(act({ workers: 3 }, [])).toEqual(['spawn lb 0', 'spawn worker 0', 'spawn worker 1', 'spawn worker 2']);
  });

  it('does nothing when all is as wanted', () => {
    expect(act({}, full)).toEqual([]);
  });

  it('fills a place when its wait is over, and wakes for it', () => {
    const slots = [lb, ready('worker', 0, 2), waiting('worker', 1, now + 400)];
    expect(reconcile(wanted(), slots, now)).toMatchObject({ actions: [], wakeAtMs: now + 400 });
    expect(act({}, slots, now + 399)).toEqual([]);
    expect(act({}, slots, now + 400)).toEqual(['spawn worker 1']);
  });

  it('adds a worker in the lowest free place', () => {
    expect(act({ workers: 3 }, [lb, ready('worker', 0, 2), ready('worker', 2, 3)])).toEqual(['spawn worker 1']);
  });

  it('lets the worker with the highest number go when fewer are wanted', () => {
    expect(act({ workers: 1 }, full)).toEqual(['drain worker 1 surplus']);
  });

  it('closes a waiting place rather than drain a working child', () => {
    expect(act({ workers: 1 }, [lb, ready('worker', 0, 2), waiting('worker', 1, now)])).toEqual(['close worker 1']);
  });

  it('gives up on a role that cannot start, but not while one of it serves', () => {
    const failedStarts = { lb: 0, worker: 5 };
    expect(act({ failedStarts }, [lb, waiting('worker', 0, now), waiting('worker', 1, now)])).toEqual([
      'give-up worker',
    ]);
    expect(act({ failedStarts }, [lb, ready('worker', 0, 2), waiting('worker', 1, now)])).toEqual(['spawn worker 1']);
  });
});

describe('deadlines', () => {
  it('kills a child that is not ready in time', () => {
    expect(act({}, [lb, ready('worker', 0, 2), starting('worker', 1, 3, now)])).toEqual(['kill worker 1 boot-timeout']);
  });

  it('kills a child that is silent, and wakes for it', () => {
    const slots = [lb, ready('worker', 0, 2), ready('worker', 1, 3, { heardAtMs: now - 4999 })];
    expect(reconcile(wanted(), slots, now)).toMatchObject({ actions: [], wakeAtMs: now + 1 });
    expect(act({}, slots, now + 1)).toEqual(['kill worker 1 stuck']);
  });

  it('kills a worker whose picture outlives its hard deadline, although it talks', () => {
    const slots = [lb, ready('worker', 0, 2), ready('worker', 1, 3, { jobs: [job(now + 50)] })];
    expect(reconcile(wanted(), slots, now)).toMatchObject({ actions: [], wakeAtMs: now + 50 });
    expect(act({}, slots, now + 50)).toEqual(['kill worker 1 deadline']);
  });

  it('names the first deadline that was missed', () => {
    const late = { heardAtMs: now - 6000, jobs: [job(now - 500)] };
    expect(act({}, [lb, ready('worker', 0, 2), ready('worker', 1, 3, late)])).toEqual(['kill worker 1 stuck']);
    const later = { heardAtMs: now - 6000, jobs: [job(now - 1500), job(now - 1200)] };
    expect(act({}, [lb, ready('worker', 0, 2), ready('worker', 1, 3, later)])).toEqual(['kill worker 1 deadline']);
  });

  it('kills a draining child at the end of its time, or at the deadline of its picture', () => {
    expect(act({}, [...full, draining('worker', 2, 9, now)])).toEqual(['kill worker 2 drain-timeout']);
    expect(act({}, [...full, draining('worker', 2, 9, now + 9000, { jobs: [job(now)] })])).toEqual([
      'kill worker 2 deadline',
    ]);
  });

  it('does not take the silence of a draining child for a hang', () => {
    expect(act({}, [...full, draining('worker', 2, 9, now + 9000, { heardAtMs: now - 8000 })])).toEqual([]);
  });

  it('sends SIGKILL again where it had no effect', () => {
    const killed: Slot = {
      role: 'worker',
      slot: 1,
      bootFailures: 0,
      state: 'killed',
      child: child(3),
      cause: 'stuck',
      draining: null,
      readyAtMs: 1,
      againAtMs: now + 10,
      jobs: [],
      beat: null,
    };
    expect(act({}, [lb, ready('worker', 0, 2), killed])).toEqual([]);
    expect(act({}, [lb, ready('worker', 0, 2), killed], now + 10)).toEqual(['kill worker 1 stuck']);
  });

  it('kills nobody for lateness while the master has only just come back itself', () => {
    const silent = [lb, ready('worker', 0, 2), ready('worker', 1, 3, { heardAtMs: now - 60_000, jobs: [job(0)] })];
    expect(reconcile(wanted({ killsFromMs: now + 1000 }), silent, now)).toMatchObject({
      actions: [],
      wakeAtMs: now + 1000,
    });
    expect(act({ killsFromMs: now + 1000 }, silent, now + 1000)).toEqual(['kill worker 1 deadline']);
  });
});

describe('replacing', () => {
  it('starts one more before it lets an old one go, workers before lbs', () => {
    expect(act({ renewBefore: 4 }, full)).toEqual(['spawn worker 2']);
  });

  it('waits until the new one is ready', () => {
    expect(act({ renewBefore: 4 }, [...full, starting('worker', 2, 4)])).toEqual([]);
  });

  it('lets the longest-serving old one go when the new one is ready', () => {
    expect(act({ renewBefore: 4 }, [...full, ready('worker', 2, 4)])).toEqual(['drain worker 0 renew']);
  });

  it('does not begin the next while an old one is still leaving', () => {
    const slots = [lb, draining('worker', 0, 2, now + 5000), ready('worker', 1, 3), ready('worker', 2, 4)];
    expect(act({ renewBefore: 4 }, slots)).toEqual([]);
  });

  it('ends with the lb, which listens beside the old one before that stops', () => {
    const workers = [ready('worker', 1, 4), ready('worker', 2, 5)];
    expect(act({ renewBefore: 4 }, [lb, ...workers])).toEqual(['spawn lb 1']);
    expect(act({ renewBefore: 4 }, [lb, ready('lb', 1, 6), ...workers])).toEqual(['drain lb 0 renew']);
    expect(act({ renewBefore: 4 }, [ready('lb', 1, 6), ...workers])).toEqual([]);
  });

  it('does not begin while somebody else is missing', () => {
    const slots = [lb, ready('worker', 0, 2), waiting('worker', 1, now + 300)];
    expect(act({ renewBefore: 4 }, slots)).toEqual([]);
  });

  it('takes away the place of a replacement that failed, once nobody is to be replaced any more', () => {
    const slots = [...full, waiting('worker', 2, now)];
    expect(act({ renewBefore: 0 }, slots)).toEqual(['close worker 2']);
  });

  it('recycles one worker at a time, replacement first', () => {
    const due = { beat: workerBeat({}, 100), recycleAfterJobs: 10 };
    const slots = [lb, ready('worker', 0, 2, due), ready('worker', 1, 3, due)];
    expect(act({}, slots)).toEqual(['spawn worker 2']);
    expect(act({}, [...slots, ready('worker', 2, 4)])).toEqual(['drain worker 0 recycle']);
  });
});

describe('stopping', () => {
  const stop = { byMs: now + 12_000, quick: false };

  it('lets the lbs finish first, and kills who has not served yet', () => {
    const slots = [lb, ready('worker', 0, 2), starting('worker', 1, 3), waiting('worker', 2, now)];
    expect(act({ stop }, slots)).toEqual(['drain lb 0 stop', 'kill worker 1 stop', 'close worker 2']);
  });

  it('keeps the workers while an lb needs them', () => {
    const slots = [draining('lb', 0, 1, now + 9000), ready('worker', 0, 2)];
    expect(act({ stop }, slots)).toEqual([]);
  });

  it('lets the workers finish when the lbs are gone', () => {
    expect(act({ stop }, [ready('worker', 0, 2)])).toEqual(['drain worker 0 stop']);
  });

  it('does not wait for the lbs in a quick stop', () => {
    expect(act({ stop: { ...stop, quick: true } }, full)).toEqual([
      'drain lb 0 stop',
      'drain worker 0 stop',
      'drain worker 1 stop',
    ]);
  });

  it('kills everybody at the end of its time', () => {
    const slots = [draining('lb', 0, 1, now + 99_000), ready('worker', 0, 2)];
    expect(act({ stop: { byMs: now, quick: false } }, slots)).toEqual([
      'kill lb 0 drain-timeout',
      'kill worker 0 stop',
    ]);
  });

  it('starts nobody', () => {
    expect(act({ stop, workers: 5 }, [])).toEqual([]);
  });
});

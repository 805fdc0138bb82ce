import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, reconcile, surgeMax, type Wanted } from '../../src/master/reconcile.ts';
import { hasChild, type Slot } from '../../src/master/slot.ts';
import { SlotTable } from '../../src/master/slot-table.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { jobStarted, raw, wanted, workerBeat } from './table.ts';

/**
 * Whole lives without a process: random things happen to children, the loop is run after each, and the laws of
 * supervision have to hold after every turn.
 */
type Event =
  | Readonly<{ type: 'time'; ms: number }>
  | Readonly<{
      type: 'ready' | 'beat' | 'fat-beat' | 'drained' | 'exit' | 'crash' | 'start-job' | 'end-job';
      pick: number;
    }>
  | Readonly<{ type: 'workers'; count: number }>
  | Readonly<{ type: 'lbs'; count: number }>
  | Readonly<{ type: 'roll' }>
  | Readonly<{ type: 'stop'; quick: boolean }>;

const pick = fc.nat(20);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('time' as const), ms: fc.oneof(fc.nat(300), fc.nat(4000)) }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('ready' as const), pick }) },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom('beat', 'fat-beat', 'drained', 'exit', 'crash', 'start-job', 'end-job'),
      pick,
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('workers' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('lbs' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'roll' as const }) },
);

class World {
  nowMs = 1000;
  readonly table = new SlotTable(seededRng(7));
  want: Wanted = wanted({ workers: 3 });
  generation = 1;
  /** When each place may be filled again, as the table said when it was emptied. */
  readonly backOff = new Map<string, number>();

  happen(event: Event): void {
    const living = this.table.slots
      .filter(hasChild)
      .filter((slot) => event.type !== 'ready' || slot.state === 'starting');
    const chosen = 'pick' in event && living.length > 0 ? living[event.pick % living.length] : undefined;
    const generation = chosen?.child.generation ?? 0;
    switch (event.type) {
      case 'time':
        this.nowMs += event.ms;
        break;
      case 'ready':
        this.table.becameReady(generation, 50, this.nowMs);
        break;
      case 'beat':
      case 'fat-beat': {
        const beat = workerBeat({ rssBytes: event.type === 'beat' ? 1e6 : 900e6 });
        this.table.heard(generation, { type: 'beat', beat }, this.nowMs, 800e6);
        break;
      }
      case 'drained':
        this.table.heard(generation, { type: 'drained' }, this.nowMs, 800e6);
        break;
      case 'start-job':
        this.table.heard(generation, jobStarted('j', 3000), this.nowMs, 800e6);
        break;
      case 'end-job':
        this.table.heard(generation, { type: 'job-ended', jobId: 'j', outcome: 'ok' }, this.nowMs, 800e6);
        break;
      case 'exit':
      case 'crash':
        this.exit(generation, event.type === 'crash' ? raw(null, 'SIGSEGV') : raw(0));
        break;
      case 'workers':
        this.want = { ...this.want, workers: event.count };
        break;
      case 'lbs':
        this.want = { ...this.want, lbs: event.count };
        break;
      case 'roll':
        this.want = { ...this.want, renewBefore: this.generation };
        break;
      case 'stop':
        this.want = { ...this.want, stop: { byMs: this.nowMs + 5000, quick: event.quick } };
        break;
    }
  }

  exit(generation: number, how: ReturnType<typeof raw>): void {
    const end = this.table.exited(generation, how, false, this.nowMs);
    if (!end) return;
    const slot = this.table.slots.find(({ role, slot }) => role === end.name.role && slot === end.name.slot);
    const key = `${end.name.role} ${end.name.slot}`;
    if (slot?.state === 'waiting') this.backOff.set(key, slot.spawnAtMs);
    else this.backOff.delete(key);
  }

  /** Runs turns until there is nothing to do; checks what each action does. */
  settle(check: (action: Action, before: readonly Slot[]) => void): void {
    for (let turn = 0; turn < 20; turn += 1) {
      const { actions } = reconcile(this.want, this.table.slots, this.nowMs);
      if (actions.length === 0) return;
      for (const action of actions) {
        check(action, this.table.slots);
        this.perform(action);
      }
    }
    throw new Error('the loop does not come to rest');
  }

  perform(action: Action): void {
    if (action.do === 'spawn') {
      const { role, slot } = action;
      const child = { pid: this.generation, generation: this.generation, socketPath: '', bornAtMs: this.nowMs };
      this.table.born({ role, slot }, child, this.nowMs + 3000);
      this.generation += 1;
    } else if (action.do === 'close') {
      this.table.close(action);
      this.backOff.delete(`${action.role} ${action.slot}`);
    } else if (action.do === 'drain') this.table.draining(action.generation, action.reason, action.killAtMs);
    else if (action.do === 'kill') this.table.killed(action.generation, action.cause, action.againAtMs);
  }
}

const live = (slots: readonly Slot[], role: Slot['role']): number =>
  slots.filter((slot) => slot.role === role && hasChild(slot)).length;
const count = (want: Wanted, role: Slot['role']): number => (role === 'lb' ? want.lbs : want.workers);

/** Runs the events; `check` sees every action together with the table before it. */
function play(events: readonly Event[], check: (world: World, action: Action, before: readonly Slot[]) => void): World {
  const world = new World();
  const settle = (): void => world.settle((action, before) => check(world, action, before));
  settle();
  for (const event of events) {
    world.happen(event);
    settle();
  }
  return world;
}

const events = fc.array(event, { maxLength: 120, size: 'max' });

describe('supervision, whatever happens', () => {
  it('never starts a child beyond the wanted number and the surge', () => {
    fc.assert(
      fc.property(events, (list) => {
        play(list, (world, action, before) => {
          if (action.do !== 'spawn') return;
          expect(live(before, action.role)).toBeLessThan(count(world.want, action.role) + surgeMax);
        });
      }),
    );
  });

  it('never starts two children in one place, nor one before its back-off is over', () => {
    fc.assert(
      fc.property(events, (list) => {
        play(list, (world, action, before) => {
          if (action.do !== 'spawn') return;
          const place = before.find(({ role, slot }) => role === action.role && slot === action.slot);
          expect(place === undefined || place.state === 'waiting').toBe(true);
          expect(world.backOff.get(`${action.role} ${action.slot}`) ?? 0).toBeLessThanOrEqual(world.nowMs);
        });
      }),
    );
  });

  it('gives every living child a deadline, and wakes for it', () => {
    fc.assert(
      fc.property(events, (list) => {
        const world = play(list, () => {});
        const { wakeAtMs } = reconcile(world.want, world.table.slots, world.nowMs);
        if (world.table.slots.some(hasChild)) expect(wakeAtMs).toBeLessThanOrEqual(world.nowMs + 12_000);
        for (const slot of world.table.slots) {
          if (slot.state === 'starting') expect(slot.readyByMs).toBeGreaterThan(world.nowMs);
          if (slot.state === 'ready') expect(slot.heardAtMs + 5000).toBeGreaterThan(world.nowMs);
          if (slot.state === 'draining') expect(slot.killAtMs).toBeGreaterThan(world.nowMs);
          if (slot.state === 'ready' || slot.state === 'draining') {
            for (const job of slot.jobs) expect(job.killAtMs).toBeGreaterThan(world.nowMs);
          }
        }
      }),
    );
  });

  it('never drains a ready child below the wanted number, except to stop', () => {
    fc.assert(
      fc.property(events, (list) => {
        play(list, (world, action, before) => {
          if (action.do !== 'drain') return;
          const ready = before.filter((slot) => slot.role === action.role && slot.state === 'ready').length;
          expect(ready).toBeGreaterThan(count(world.want, action.role));
        });
      }),
    );
  });

  it('comes to the wanted number once children behave', () => {
    fc.assert(
      fc.property(events, (list) => {
        const world = play(list, () => {});
        for (let step = 0; step < 200; step += 1) {
          for (const slot of world.table.slots) {
            if (slot.state === 'starting') world.table.becameReady(slot.child.generation, 50, world.nowMs);
            if (slot.state === 'ready') {
              world.table.heard(slot.child.generation, { type: 'beat', beat: workerBeat() }, world.nowMs, 800e6);
              world.table.heard(
                slot.child.generation,
                { type: 'job-ended', jobId: 'j', outcome: 'ok' },
                world.nowMs,
                800e6,
              );
            }
            if (slot.state === 'draining') world.exit(slot.child.generation, raw(0));
            if (slot.state === 'killed') world.exit(slot.child.generation, raw(null, 'SIGKILL'));
          }
          world.nowMs += 500;
          world.settle(() => {});
        }
        for (const role of ['lb', 'worker'] as const) {
          const ofRole = world.table.slots.filter((slot) => slot.role === role);
          expect(ofRole.map(({ state }) => state)).toEqual(Array(count(world.want, role)).fill('ready'));
        }
        expect(
          world.table.slots.every((slot) => slot.state === 'ready' && slot.child.generation >= world.want.renewBefore),
        ).toBe(true);
      }),
    );
  });

  it('ends within its time when told to stop, whatever the children do', () => {
    fc.assert(
      fc.property(events, fc.boolean(), events, (before, quick, after) => {
        const world = play(before, () => {});
        world.happen({ type: 'stop', quick });
        world.settle((action) => expect(action.do).not.toBe('spawn'));
        const byMs = world.want.stop?.byMs ?? 0;
        for (const event of after) {
          if (event.type !== 'workers' && event.type !== 'lbs') world.happen(event);
          world.settle((action) => expect(action.do).not.toBe('spawn'));
        }
        world.nowMs = Math.max(world.nowMs, byMs);
        world.settle(() => {});
        // SIGKILL has been sent to all that live; their exits empty the table.
        for (const slot of world.table.slots) {
          expect(slot.state).toBe('killed');
          if (hasChild(slot)) world.exit(slot.child.generation, raw(null, 'SIGKILL'));
        }
        world.settle(() => {});
        expect(world.table.slots).toEqual([]);
      }),
    );
  });
});

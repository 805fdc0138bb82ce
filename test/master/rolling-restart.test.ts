import { describe, expect, it } from 'vitest';
import { beginRoll, idle, isRollDone, isRollFailure, renewBefore } from '../../src/master/rolling-restart.ts';
import { SlotTable } from '../../src/master/slot-table.ts';
import { raw } from './table.ts';

const roll = beginRoll(5, 0);

function serving(...generations: number[]): SlotTable {
  const table = new SlotTable(() => 0.5);
  generations.forEach((generation, slot) => {
    table.born({ role: 'worker', slot }, { pid: generation, generation, socketPath: '', bornAtMs: 0 }, 100);
    table.becameReady(generation, 1e9, 0);
  });
  return table;
}
/** How a child of this generation ended that was never ready. */
function failedStart(generation: number) {
  const table = new SlotTable(() => 0.5);
  table.born({ role: 'worker', slot: 0 }, { pid: 1, generation, socketPath: '', bornAtMs: 0 }, 100);
  const end = table.exited(generation, raw(1), false, 1);
  if (!end) throw new Error('it had not been there');
  return end;
}

describe('rolling restart', () => {
  it('replaces everybody who was born before it', () => {
    expect(renewBefore(roll)).toBe(5);
    expect(renewBefore(idle)).toBe(0);
  });

  it('is done when only younger ones are left, and all of them serve', () => {
    expect(isRollDone(roll, serving(4, 5).slots)).toBe(false);
    expect(isRollDone(roll, serving(5, 6).slots)).toBe(true);
    const starting = serving(5);
    starting.born({ role: 'worker', slot: 7 }, { pid: 1, generation: 9, socketPath: '', bornAtMs: 0 }, 100);
    expect(isRollDone(roll, starting.slots)).toBe(false);
    const leaving = serving(4, 5, 6);
    leaving.draining(4, 'renew', 100);
    expect(isRollDone(roll, leaving.slots)).toBe(false);
    expect(isRollDone(idle, serving(5, 6).slots)).toBe(false);
  });

  it('stops when a new one does not get ready; the failed start of an old one is none of its business', () => {
    expect(isRollFailure(roll, failedStart(5))).toBe(true);
    expect(isRollFailure(roll, failedStart(4))).toBe(false);
    expect(isRollFailure(idle, failedStart(5))).toBe(false);
    const crashed = serving(6).exited(6, raw(null, 'SIGSEGV'), false, 1000);
    expect(crashed && isRollFailure(roll, crashed)).toBe(false);
  });
});

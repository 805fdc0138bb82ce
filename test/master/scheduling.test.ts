import { describe, expect, it } from 'vitest';
import { probeIdleClass, schedulingArguments, schedulingNote } from '../../src/master/scheduling.ts';

describe('the scheduling class of workers', () => {
  it('is idle only where that is wanted and can be', () => {
    expect(schedulingArguments('idle', true)).toEqual(['chrt', '--idle', '0']);
    expect(schedulingArguments('idle', false)).toEqual([]);
    expect(schedulingArguments('normal', true)).toEqual([]);
  });

  it('says at the start what this machine cannot do', () => {
    expect(schedulingNote('idle', true, true)).toBeNull();
    expect(schedulingNote('normal', false, false)).toBeNull();
    expect(schedulingNote('idle', false, true)).toContain('workerScheduling');
    expect(schedulingNote('idle', true, false)).toContain('workerScheduling');
  });

  it('is known without an exception on any machine', () => {
    expect(typeof probeIdleClass()).toBe('boolean');
  });
});

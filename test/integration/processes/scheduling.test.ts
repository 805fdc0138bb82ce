import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeIdleClass } from '../../../src/master/scheduling.ts';
import { lbPid, startHerd, workerPids } from './herd.ts';

const hasIdleClass = probeIdleClass();
if (!hasIdleClass) console.warn('chrt is not here: no test of workers of the idle class');

/** Field 41 of /proc/pid/stat (proc_pid_stat(5)); SCHED_OTHER is 0, SCHED_IDLE is 5. */
const classOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[38]);

describe('workerScheduling: idle', { timeout: 60_000 }, () => {
  it.skipIf(!hasIdleClass)('starts workers in the idle class, their successors too, and nothing else', async () => {
    const herd = await startHerd({ workerScheduling: 'idle' });
    onTestFinished(herd.stop);
    const stats = await herd.node.stats();
    expect(workerPids(stats).map(classOf)).toEqual([5, 5]);
    expect(classOf(lbPid(stats))).toBe(0);
    const [first = 0] = workerPids(stats);
    process.kill(first, 'SIGKILL');
    await herd.calm();
    expect(workerPids(await herd.node.stats()).map(classOf)).toEqual([5, 5]);
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { bootFault, outcomeOf, startHerd, workerPids } from './herd.ts';

describe('a worker that cannot start', { timeout: 90_000 }, () => {
  it('is tried again with growing pauses while another one serves', async () => {
    const fault = bootFault();
    const herd = await startHerd({ restartIntensityMax: 3 }, fault.env);
    onTestFinished(herd.stop);
    fault.arm();
    const [pid = 0] = workerPids(await herd.node.stats());
    process.kill(pid, 'SIGKILL');
    await herd.untilLine('child-exited', { exit: 'boot-failed' }, 4);
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~w_50.jpg`))).toBe('200');
    expect(herd.linesOf('gave-up')).toEqual([]);
  });

  it('ends the node with exit code 1 and its last words when none serves', async () => {
    const fault = bootFault();
    const herd = await startHerd({ restartIntensityMax: 3 }, fault.env);
    onTestFinished(herd.stop);
    fault.arm();
    for (const pid of workerPids(await herd.node.stats())) process.kill(pid, 'SIGKILL');
    expect(await herd.node.exited).toBe(1);
    const [line] = herd.linesOf('gave-up');
    expect(line).toMatchObject({ level: 'fatal', of: 'worker' });
    expect(line?.msg).toContain('the library is not there');
  });
});

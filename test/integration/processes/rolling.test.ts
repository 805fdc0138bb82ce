import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Stats, scratchFolder } from '../../helpers/pileus.ts';
import { type Herd, lbPid, outcomeOf, patienceMs, startHerd, startTraffic, workerPids } from './herd.ts';

const generations = ({ workers, lbs }: Stats): readonly number[] =>
  [...lbs, ...workers].map(({ generation }) => generation);

async function start(
  config: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Herd> {
  const herd = await startHerd(config, env);
  onTestFinished(herd.stop);
  return herd;
}

/** Workers end before they are ready for as long as the file that is given exists. */
function bootFault(): Readonly<{ env: Readonly<Record<string, string>>; arm: () => void }> {
  const folder = scratchFolder();
  const switchFile = path.join(folder, 'armed');
  const preload = path.join(folder, 'preload.mjs');
  writeFileSync(
    preload,
    `import { existsSync } from 'node:fs';
     if (process.env.PILEUS_CHILD_ROLE === 'worker' && existsSync(${JSON.stringify(switchFile)})) {
       console.error('the library is not there');
       process.exit(9);
     }`,
  );
  return {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` },
    arm: () => writeFileSync(switchFile, ''),
  };
}

describe('a rolling restart (SIGUSR2)', { timeout: 90_000 }, () => {
  it('replaces every process, and no request fails: fresh connections and kept ones', async () => {
    const herd = await start();
    const before = await herd.node.stats();
    const fresh = startTraffic(herd.node);
    const kept = startTraffic(herd.node, { keepAlive: true });
    herd.node.signal('SIGUSR2');
    await herd.untilLine('rolling-restart', { msg: 'rolling restart is done' });
    const after = await herd.node.stats();
    expect((await fresh.stop()).failures).toEqual({});
    expect((await kept.stop()).failures).toEqual({});
    expect(Math.min(...generations(after))).toBeGreaterThan(Math.max(...generations(before)));
    expect(
      [lbPid(after), ...workerPids(after)].filter((pid) => [lbPid(before), ...workerPids(before)].includes(pid)),
    ).toEqual([]);
    expect(herd.deaths()).toEqual([]);
    await herd.calm();
  });

  it('brings in options that a reload cannot', async () => {
    const herd = await start();
    herd.configure({ blobBufferBytes: 17e6, workers: 3 });
    const traffic = startTraffic(herd.node);
    herd.node.signal('SIGUSR2');
    await herd.untilLine('rolling-restart', { msg: 'rolling restart is done' });
    expect((await traffic.stop()).failures).toEqual({});
    await herd.calm(3);
    await herd.node.until(({ workers }) => workers.every(({ bufferBytes }) => bufferBytes === 17e6), patienceMs);
  });

  it('stops at the first process that cannot start, and the others go on', async () => {
    const fault = bootFault();
    const herd = await start({}, fault.env);
    const before = await herd.node.stats();
    const traffic = startTraffic(herd.node, { keepAlive: true });
    fault.arm();
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' } });
    herd.node.signal('SIGUSR2');
    const { msg } = await herd.untilLine('rolling-restart', { level: 'error' });
    expect(msg).toMatch(/stopped, the others go on: worker \d+ gen \d+ did not get ready/);
    expect(await herd.untilLine('child-exited', { exit: 'boot-failed' })).toMatchObject({
      lastWords: 'the library is not there',
    });
    expect((await traffic.stop()).failures).toEqual({});
    expect(generations(await herd.calm())).toEqual(generations(before));
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~strip.jpg`))).toBe('404 preset_not_found');
  });
});

describe('a worker that cannot start', { timeout: 90_000 }, () => {
  it('is tried again with growing pauses while another one serves', async () => {
    const fault = bootFault();
    const herd = await start({ restartIntensityMax: 3 }, fault.env);
    fault.arm();
    const [pid = 0] = workerPids(await herd.node.stats());
    process.kill(pid, 'SIGKILL');
    await herd.untilLine('child-exited', { exit: 'boot-failed' }, 4);
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~w_50.jpg`))).toBe('200');
    expect(herd.linesOf('gave-up')).toEqual([]);
  });

  it('ends the node with exit code 1 and its last words when none serves', async () => {
    const fault = bootFault();
    const herd = await start({ restartIntensityMax: 3 }, fault.env);
    fault.arm();
    for (const pid of workerPids(await herd.node.stats())) process.kill(pid, 'SIGKILL');
    expect(await herd.node.exited).toBe(1);
    const [line] = herd.linesOf('gave-up');
    expect(line).toMatchObject({ level: 'fatal', of: 'worker' });
    expect(line?.msg).toContain('the library is not there');
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { askAll, type Herd, lbPid, outcomeOf, patienceMs, startHerd, startTraffic, workerPids } from './herd.ts';

const url = (key: string, ops: string): string => `/photos/${key}/~${ops}`;

describe('a reload (SIGHUP)', { timeout: 60_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd();
    herd.site.put('large.jpg', await jpeg(gradient(2400, 1800)));
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  const pids = async (): Promise<readonly number[]> => {
    const stats = await herd.node.stats();
    return [lbPid(stats), ...workerPids(stats)];
  };

  it('brings a preset into force in every process, without a request lost or a process replaced', async () => {
    const before = await pids();
    const key = herd.good();
    expect(outcomeOf(await herd.node.get(url(key, 'banner.jpg')))).toBe('404 preset_not_found');
    const slow = askAll(
      herd.node,
      Array.from({ length: 4 }, (_, i) => url('large.jpg', `w_${1500 + i}.webp`)),
    );
    await herd.node.until(({ lbs }) => (lbs[0]?.requestsInFlight ?? 0) >= 4, patienceMs);
    const traffic = startTraffic(herd.node);
    herd.configure({ presets: { banner: 'm_cover,w_60,h_20' } });
    herd.node.signal('SIGHUP');
    await herd.untilLine('config-reloaded');
    // Every worker: a new picture each, from both.
    const banners = Array.from({ length: 16 }, () => url(herd.good(), 'banner.jpg'));
    expect(await askAll(herd.node, banners)).toEqual({ 200: 16 });
    expect((await traffic.stop()).failures).toEqual({});
    expect(await slow).toEqual({ 200: 4 });
    expect(await pids()).toEqual(before);
  });

  it('with a faulty file says every fault and changes nothing', async () => {
    const before = herd.linesOf('config-refused').length;
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' }, workerz: 3, hardMs: 1 });
    herd.node.signal('SIGHUP');
    await herd.untilLine('config-refused', {}, before + 2);
    const said = herd
      .linesOf('config-refused')
      .slice(before)
      .map(({ msg }) => String(msg));
    expect(said.some((line) => line.includes('workerz'))).toBe(true);
    expect(said.some((line) => line.includes('hardMs'))).toBe(true);
    expect(outcomeOf(await herd.node.get(url(herd.good(), 'strip.jpg')))).toBe('404 preset_not_found');
    expect(outcomeOf(await herd.node.get(url(herd.good(), 'banner.jpg')))).toBe('200');
  });

  it('refuses what running processes cannot change, and says that USR2 can', async () => {
    const before = herd.linesOf('config-refused').length;
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' }, blobBufferBytes: 17e6 });
    herd.node.signal('SIGHUP');
    const { msg } = await herd.untilLine('config-refused', {}, before + 1);
    expect(msg).toMatch(/blobBufferBytes.*USR2/);
    expect(outcomeOf(await herd.node.get(url(herd.good(), 'strip.jpg')))).toBe('404 preset_not_found');
  });

  it('goes well again when the file is right again', async () => {
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' } });
    herd.node.signal('SIGHUP');
    await herd.untilLine('config-reloaded', {}, 2);
    expect(outcomeOf(await herd.node.get(url(herd.good(), 'strip.jpg')))).toBe('200');
    expect(outcomeOf(await herd.node.get(url(herd.good(), 'banner.jpg')))).toBe('404 preset_not_found');
  });
});

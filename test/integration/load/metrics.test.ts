import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, metric } from '../../helpers/gauges.ts';
import { type OriginRig, originOf, startRig } from '../origins/rig.ts';

vi.setConfig({ testTimeout: 60_000 });

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const has = { prometheus: isInstalled('prometheus'), promtool: isInstalled('promtool') };
if (!has.prometheus || !has.promtool) console.warn('prometheus or promtool is not installed: its tests are skipped');

let rig: OriginRig;

beforeAll(async () => {
  rig = await startRig({ origins: { far: {} }, options: { missingFreshMs: 600_000 } });
  rig.site.put('a.jpg', await jpeg(gradient(60, 40)));
});

afterAll(async () => {
  await rig?.stop();
});

const requests = (labels: Readonly<Record<string, string | number>>): Promise<number> =>
  metric(rig.node, 'pileus_http_requests_total', labels);

describe('the counters', () => {
  it('say what was answered, by status and by where the answer came from', async () => {
    const { node } = rig;
    const { etag = '' } = (await node.get('/photos/a.jpg/~w_20.webp')).headers;
    await node.get('/photos/a.jpg/~w_21.webp');
    for (let count = 0; count < 3; count++) await node.get('/photos/a.jpg/~w_20.webp');
    for (let count = 0; count < 2; count++)
      await node.get('/photos/a.jpg/~w_20.webp', { headers: { 'if-none-match': etag } });
    for (let count = 0; count < 4; count++) await node.get('/far/none.jpg/~w_20.webp');
    await node.get('/photos/a.jpg/~orig.jpg');
    await node.get('/photos/a.jpg/~w_none.webp');
    await node.get('/photos/a.jpg/~w_20.webp', { method: 'DELETE' });
    await node.get('/-/health');

    const { counters } = await calm(node);
    expect(await requests({ status: 200, from: 'made' })).toBe(2);
    expect(await requests({ status: 200, from: 'memory' })).toBe(3);
    expect(await requests({ status: 304, from: 'not-modified' })).toBe(2);
    expect(await requests({ status: 404, from: 'error' })).toBe(4);
    expect(await requests({ status: 200, from: 'original' })).toBe(1);
    expect(await requests({ status: 400, from: 'error' })).toBe(1);
    expect(await requests({ status: 405, from: 'error' })).toBe(1);
    expect(await requests({ status: 200, from: 'health' })).toBe(1);
    expect(await requests({})).toBe(15);
    expect(counters).toMatchObject({ requests: 15, made: 2, hitsMemory: 3, notModified: 2, originals: 1, errors: 6 });
    expect(await metric(node, 'pileus_errors_total', { code: 'source_not_found' })).toBe(4);
    expect(await metric(node, 'pileus_http_request_seconds_count')).toBe(15);
    expect(await metric(node, 'pileus_http_requests_in_flight')).toBe(0);
    expect(originOf(rig, 'far').requests).toHaveLength(1);
    expect(await metric(node, 'pileus_worker_pictures_total', { outcome: 'ok' })).toBe(2);
    expect(await metric(node, 'pileus_worker_jobs_total', { outcome: 'source_not_found' })).toBe(1);
  });

  it('never have a label that a client could choose', async () => {
    await rig.node.get('/photos/secret-name.jpg/~w_20.webp');
    await calm(rig.node);
    const text = (await rig.node.admin('/metrics')).body.toString();
    expect(text).not.toContain('secret-name');
    expect(text).not.toContain(originOf(rig, 'far').host);
  });
});

describe.skipIf(!has.promtool)('promtool', () => {
  it('finds nothing to say about the metrics: names, help, units', async () => {
    const input = (await rig.node.admin('/metrics')).body;
    const check = spawnSync('promtool', ['check', 'metrics'], { input });
    expect(`${check.stdout}${check.stderr}`).toBe('');
    expect(check.status).toBe(0);
  });
});

describe.skipIf(!has.prometheus)('a Prometheus', () => {
  let prometheus: ChildProcess;
  let url = '';

  beforeAll(async () => {
    const folder = path.join(rig.site.folder, 'prometheus');
    mkdirSync(folder);
    const file = path.join(folder, 'prometheus.yml');
    const targets = [`127.0.0.1:${rig.node.adminPort}`];
    const scrape = { job_name: 'pileus', scrape_interval: '1s', static_configs: [{ targets }] };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ scrape_configs: [scrape] }));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const flags = [`--config.file=${file}`, `--storage.tsdb.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
  });

  afterAll(async () => {
    if (!prometheus || prometheus.exitCode !== null) return;
    const gone = once(prometheus, 'exit');
    prometheus.kill('SIGKILL');
    await gone;
  });

  /** Asks the API until the answer holds. */
  async function until<T>(api: string, holds: (data: T) => boolean): Promise<T> {
    const endMs = performance.now() + 40_000;
    for (;;) {
      const answer = await fetch(`${url}${api}`)
        .then(async (response) => (await response.json()) as { data: T })
        .catch((error: unknown) => String(error));
      if (typeof answer !== 'string' && holds(answer.data)) return answer.data;
      if (performance.now() > endMs) throw new Error(`${api} said ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  type Targets = { activeTargets: readonly { health: string; lastError: string }[] };
  type Result = { result: readonly { metric: Record<string, string>; value: [number, string] }[] };

  it('scrapes a running node without an error', async () => {
    const { activeTargets } = await until<Targets>(
      '/api/v1/targets',
      ({ activeTargets }) => activeTargets.length === 1 && activeTargets[0]?.health !== 'unknown',
    );
    expect(activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
    const wanted = await metric(rig.node, 'pileus_http_requests_total', { from: 'made' });
    const query = encodeURIComponent('sum(pileus_http_requests_total{from="made"})');
    const { result } = await until<Result>(`/api/v1/query?query=${query}`, (data) => data.result.length > 0);
    expect(Number(result[0]?.value[1])).toBe(wanted);
    const slots = encodeURIComponent('pileus_slots{role="worker",state="ready"}');
    const ready = await until<Result>(`/api/v1/query?query=${slots}`, (data) => data.result.length > 0);
    expect(ready.result[0]?.value[1]).toBe('2');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/ipc/messages.ts';
import { msToNs } from '../../src/shared/clock.ts';
import { type OpenWorker, openWorker } from '../../src/worker/open-worker.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { configOf, fakeEngine, fakeStore, picture, planOf, put, settle, silentLog } from './fakes.ts';

const clock = fakeClock();
let folder: string;
let facts: Fact[];
let left: boolean;
let worker: OpenWorker | null;
let store: ReturnType<typeof fakeStore>;
let engine: ReturnType<typeof fakeEngine>;

async function open(warmUp: () => Promise<unknown> = async () => {}): Promise<OpenWorker> {
  worker = await openWorker({
    config: configOf({ blobBufferBytes: 1_048_576, heavyJobMs: 500 }),
    socketPath: path.join(folder, 'worker.sock'),
    channel: {
      sendSoon: (fact) => facts.push(fact),
      send: (fact, onSent) => {
        facts.push(fact);
        onSent?.();
        return true;
      },
    },
    engine,
    warmUp,
    revisionDeps: {
      openStore: () => store,
      loadAssets: async ({ revision }) => {
        if (revision === 13) throw new Error('the asset logo changed');
        return new Map();
      },
    },
    clock,
    log: { log: silentLog, setLevel: () => {}, linesDropped: () => 0, flush: async () => {} },
    faultsArmed: false,
    leave: () => {
      left = true;
    },
  });
  return worker;
}

const types = () => facts.map(({ type }) => type).filter((type) => type !== 'beat');

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settle();
}

function job(): Promise<number> {
  const order = {
    jobId: 'j',
    requestId: 'r',
    traceparent: null,
    attempt: 0,
    source: { ns: 'photos', key: 'a' },
    knownVersion: null,
    plan: planOf('image', 100),
    deadlineNs: msToNs(clock.nowMs() + 15_000),
    configRevision: 1,
    predictedMs: 1,
    heavyGranted: false,
    mustRun: false,
    carried: null,
  };
  return new Promise((resolve, reject) => {
    const request = http.request({
      socketPath: path.join(folder, 'worker.sock'),
      method: 'POST',
      path: '/job',
      agent: false,
    });
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
    request.end(JSON.stringify(order));
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pileus-worker-'));
  facts = [];
  left = false;
  worker = null;
  store = fakeStore();
  engine = fakeEngine();
  put({ store }, 'a', picture(600, 400));
});
afterEach(async () => {
  worker?.obey({ type: 'drain' });
  if (worker) await until(() => left);
  rmSync(folder, { recursive: true });
});

describe('a worker', () => {
  it('says that it is ready only when it answers', async () => {
    await open();
    expect(types()).toEqual(['ready']);
    const answer = job();
    await until(() => engine.running.length > 0);
    engine.running[0]?.finish();
    expect(await answer).toBe(200);
  });

  it('never says so when its engine cannot be warmed up', async () => {
    await expect(open(() => Promise.reject(new Error('no libvips')))).rejects.toThrow('no libvips');
    expect(types()).toEqual([]);
  });

  it('beats with its load', async () => {
    await open();
    await until(() => facts.some(({ type }) => type === 'beat'));
    expect(facts.find(({ type }) => type === 'beat')).toMatchObject({
      beat: { role: 'worker', jobsDone: 0, load: { bufferBytes: 1_048_576 } },
    });
  });

  it('tells its metrics when it is asked', async () => {
    const { obey } = await open();
    expect(types()).not.toContain('metrics');
    obey({ type: 'tell-metrics' });
    await until(() => facts.some(({ type }) => type === 'metrics'));
    const { metrics } = facts.find(({ type }) => type === 'metrics') as { metrics: { name: string }[] };
    expect(metrics.every(({ name }) => name.startsWith('pileus_worker_'))).toBe(true);
  });

  it('prepares, commits and refuses configurations', async () => {
    const { obey } = await open();
    obey({ type: 'config-prepare', config: configOf({}, 2) });
    obey({ type: 'config-commit', revision: 2 });
    obey({ type: 'config-prepare', config: configOf({}, 13) });
    obey({ type: 'config-commit', revision: 13 });
    await until(() => facts.some(({ type }) => type === 'config-refused'));
    await settle();
    expect(facts.filter(({ type }) => type.startsWith('config'))).toEqual([
      { type: 'config-prepared', revision: 2 },
      { type: 'config-committed', revision: 2 },
      { type: 'config-refused', revision: 13, reason: 'the asset logo changed' },
    ]);
  });

  it('drains: finishes what runs, gives new jobs back, then says so and leaves', async () => {
    const { obey } = await open();
    const answer = job();
    await until(() => engine.running.length > 0);
    obey({ type: 'drain' });
    expect(await job()).toBe(299);
    expect([left, types().includes('drained')]).toEqual([false, false]);
    engine.running[0]?.finish();
    expect(await answer).toBe(200);
    await until(() => left);
    expect(types().at(-1)).toBe('drained');
  });
});

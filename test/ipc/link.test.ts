import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkPath } from '../../src/ipc/link.ts';
import type { JobOrder, WorkerEvent } from '../../src/ipc/order.ts';
import { type JobAnswer, WorkerClient } from '../../src/lb/worker-client.ts';
import { type JobLinks, openJobLinks } from '../../src/worker/job-links.ts';
import { Offers } from '../../src/worker/offers.ts';
import { openServer, type WorkerServer } from '../../src/worker/server.ts';
import { type Bench, openBench, picture, put, settle } from '../worker/fakes.ts';

/** Both ends, over a real socket. */
let bench: Bench;
let offers: Offers;
let links: JobLinks;
let server: WorkerServer;
let folder: string;
let client: WorkerClient;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pileus-link-'));
  const socketPath = path.join(folder, 'w.sock');
  bench = await openBench({}, 1_000_000);
  offers = new Offers();
  links = openJobLinks(bench.deps, offers);
  server = openServer(bench.deps, offers);
  await links.listen(linkPath(socketPath));
  await server.listen(socketPath);
  client = new WorkerClient(socketPath);
});

afterEach(async () => {
  client.destroy();
  await links.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const send = (order: JobOrder, signal = new AbortController().signal, resultBytesMax = 1e6): Promise<JobAnswer> =>
  client.sendJob(order, null, resultBytesMax, signal);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await settle();
}

const pictures = (count: number): Promise<void> => until(() => bench.engine.running.length >= count);

async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Its size makes it heavier than was announced: the worker gives it back. */
const heavy = picture(1000, 1000, 300_000);

async function redirected(): Promise<Extract<JobAnswer, { kind: 'redirect' }>> {
  put(bench, 'heavy', heavy);
  await send(bench.order('heavy', { plan: { ...bench.order('heavy').plan, view: 'info', steps: [] } }));
  const answer = await send(bench.order('heavy'));
  if (answer.kind !== 'redirect') throw new Error(answer.kind);
  return answer;
}

describe('a job over the link', () => {
  it('is answered with its picture and its report', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = send(bench.order('a'));
    await pictures(1);
    bench.engine.running[0]?.finish(Buffer.from('the picture'));
    expect(await answer).toMatchObject({ kind: 'result', report: { result: { width: 100 }, version: 'v1' } });
    expect(((await answer) as { bytes: Buffer }).bytes.toString()).toBe('the picture');
  });

  it('is answered with its error', async () => {
    expect(await send(bench.order('missing'))).toMatchObject({ kind: 'error', error: { code: 'source_not_found' } });
  });

  it('does not wait for the one before it', async () => {
    put(bench, 'a', picture(600, 400));
    const slow = send(bench.order('a'));
    await pictures(1);
    expect(await send(bench.order('missing'))).toMatchObject({ kind: 'error' });
    bench.engine.running[0]?.finish();
    expect((await slow).kind).toBe('result');
  });

  it('gives no result that is larger than it may be', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = send(bench.order('a'), undefined, 10);
    await pictures(1);
    bench.engine.running[0]?.finish(Buffer.from('the picture'));
    expect(await answer).toMatchObject({ kind: 'error', error: { code: 'result_too_large' } });
  });

  it('is dropped when nobody waits for it any more, unless it has started', async () => {
    put(bench, 'a', picture(600, 400));
    put(bench, 'b', picture(600, 400), { version: 'b1' });
    const first = send(bench.order('a'));
    await pictures(1);
    const leaving = new AbortController();
    const second = send(bench.order('b'), leaving.signal);
    await until(() => bench.deps.gate.waitingCount === 1);
    leaving.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await until(() => bench.deps.gate.waitingCount === 0);
    bench.engine.running[0]?.finish();
    expect((await first).kind).toBe('result');
    expect(bench.engine.running).toHaveLength(1);
  });

  it('fails when the link breaks, and the next one opens another', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = send(bench.order('a'));
    await pictures(1);
    const failed = expect(answer).rejects.toThrow('The link to the worker broke.');
    await links.close();
    await failed;
    bench.engine.running[0]?.finish();
    links = openJobLinks(bench.deps, offers);
    await links.listen(linkPath(path.join(folder, 'w.sock')));
    expect(await send(bench.order('missing'))).toMatchObject({ kind: 'error' });
  });

  it('is told of as it happens, the load first', async () => {
    put(bench, 'a', picture(600, 400));
    const events: WorkerEvent[] = [];
    void client.followEvents((event) => events.push(event));
    const answer = send(bench.order('a', { jobId: 'mine' }));
    await pictures(1);
    bench.engine.running[0]?.finish();
    await answer;
    expect(events.map(({ type }) => type)).toEqual(['load', 'fetched', 'started']);
    expect(events[1]).toMatchObject({ jobId: 'mine', facts: { version: 'v1' } });
  });

  it('is answered before the link ends', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = send(bench.order('a'));
    await pictures(1);
    const closed = links.whenIdle().then(() => links.close());
    bench.engine.running[0]?.finish(Buffer.from('the picture'));
    expect((await answer).kind).toBe('result');
    await closed;
  });
});

describe('a source that is offered with a redirect', () => {
  it('is there for the next worker, and pinned until it has been sent', async () => {
    const { report, carried } = await redirected();
    expect(report.redirect).toEqual({ reason: 'heavier_than_announced', carries: true });
    expect((await bytesOf(carried as Readable)).equals(heavy)).toBe(true);
    await until(() => bench.buffer.usage.pinnedBytes === 0);
  });

  it('is let go of when nobody wants it', async () => {
    const { carried } = await redirected();
    expect(bench.buffer.usage.pinnedBytes).toBe(heavy.length);
    carried?.destroy();
    await until(() => bench.buffer.usage.pinnedBytes === 0);
  });

  it('breaks off when the worker has let go of it meanwhile', async () => {
    const { carried } = await redirected();
    offers.letGo(lastJobId());
    await expect(bytesOf(carried as Readable)).rejects.toThrow('gone');
  });

  const lastJobId = (): string => `j${Number(bench.order('x').jobId.slice(1)) - 1}`;
});

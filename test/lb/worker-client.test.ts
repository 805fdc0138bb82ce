import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobOrder, OriginalOrder } from '../../src/ipc/order.ts';
import { WorkerClient } from '../../src/lb/worker-client.ts';

const order = { jobId: 'j1' } as unknown as JobOrder;
const originalOrder = { head: true } as unknown as OriginalOrder;
const neverAborted = new AbortController().signal;

/** What goes over HTTP carries a source. */
const source = (): Readable => Readable.from([Buffer.from('source')]);

/** A worker that answers everything with `answer`. */
let answer: (response: ServerResponse) => void;
let server: Server;
let folder: string;
let client: WorkerClient;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pileus-test-'));
  const socketPath = path.join(folder, 'worker.sock');
  server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  client = new WorkerClient(socketPath);
});

afterEach(() => {
  client.destroy();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** Sends a head with 1,000 bytes behind it, of which `announced` are said to come. */
const sending =
  (status: number, report: object, announced: number) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'x-pileus-report': JSON.stringify(report), 'content-length': announced });
    response.write(Buffer.alloc(1000));
    if (announced === 1000) response.end();
  };

/** What has arrived whole is another case for undici than what is still on its way. */
const lengths = [
  ['whole', 1000],
  ['still on its way', 1_000_000],
] as const;

/** An error that nobody listens to would end the process; vitest fails on one. */
const closed = (body: Readable): Promise<void> =>
  new Promise((resolve) => (body.closed ? resolve() : body.once('close', () => setImmediate(resolve))));

/** Turns of the event loop in which the rest of a short body comes in. */
const arrived = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe.each(lengths)('a body that nobody reads to its end, %s,', (_name, announced) => {
  it('is let go of with a redirect', async () => {
    answer = sending(299, { redirect: { reason: 'draining', carries: true }, error: null }, announced);
    const outcome = await client.sendJob(order, source(), 1e6, neverAborted);
    if (outcome.kind !== 'redirect' || outcome.carried === null) throw new Error(outcome.kind);
    await arrived();
    outcome.carried.destroy();
    await closed(outcome.carried);
    expect(outcome.carried.destroyed).toBe(true);
  });

  it('is let go of with a result that is too large', async () => {
    answer = sending(200, { error: null }, announced);
    const outcome = await client.sendJob(order, source(), 999, neverAborted);
    expect(outcome).toMatchObject({ kind: 'error', error: { code: 'result_too_large' } });
  });

  it('is let go of with an original of which only the head was asked for', async () => {
    answer = sending(200, { error: null }, announced);
    const { status, body } = await client.openOriginal(originalOrder, neverAborted);
    expect(status).toBe(200);
    await arrived();
    body.destroy();
    await closed(body);
    expect(body.destroyed).toBe(true);
  });

  it('goes no further when the next worker does not want it', async () => {
    answer = sending(299, { redirect: { reason: 'draining', carries: true }, error: null }, announced);
    const first = await client.sendJob(order, source(), 1e6, neverAborted);
    if (first.kind !== 'redirect' || first.carried === null) throw new Error(first.kind);
    answer = (response) => {
      response.writeHead(503, { 'x-pileus-report': JSON.stringify({ error: { code: 'overloaded' } }) }).end();
      response.once('finish', () => response.req.socket.destroy());
    };
    await client.sendJob(order, first.carried, 1e6, neverAborted).catch(() => {});
    first.carried.destroy();
    await closed(first.carried);
    expect(first.carried.destroyed).toBe(true);
  });
});

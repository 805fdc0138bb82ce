import { createServer, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../src/config/config.ts';
import type { JobOrder } from '../../src/ipc/order.ts';
import { BackendPool } from '../../src/lb/backend-pool.ts';
import { Dispatcher } from '../../src/lb/dispatcher.ts';
import { Front } from '../../src/lb/front.ts';
import { handleRequest } from '../../src/lb/handle-request.ts';
import type { Revalidate } from '../../src/lb/library.ts';
import { openLbMetrics } from '../../src/lb/metrics.ts';
import { Prices } from '../../src/lb/prices.ts';
import type { JobAnswer, WorkerClient } from '../../src/lb/worker-client.ts';
import type { Log, LogFields } from '../../src/shared/log.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { testConfig } from '../master/test-config.ts';
import { type LibraryRig, openLibrary, reportOf, resultOf } from './kit.ts';

export type FrontReply = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

/** A worker that answers as the test says; by default with a picture at once. */
export type FakeWorker = {
  orders: JobOrder[];
  /** Aborted orders, by job id. */
  aborted: string[];
  answer: (order: JobOrder) => JobAnswer | Promise<JobAnswer>;
};

export const pictureAnswer = (text = 'picture', derivation = 'made'): JobAnswer => ({
  kind: 'result',
  bytes: Buffer.from(text),
  report: reportOf({ result: resultOf(derivation) }),
});

/** Handles requests of a real HTTP server on loopback, with one made-up worker behind. */
export async function openFront(config: Config = testConfig()) {
  let origin: Revalidate = async (_source, version, conditions) => ({ same: conditions === undefined, version });
  const library: LibraryRig = await openLibrary((source, version, conditions) => origin(source, version, conditions));
  const lines: LogFields[] = [];
  const write = (fields: LogFields): void => void lines.push(fields);
  const log: Log = {
    trace: write,
    debug: write,
    info: write,
    warn: write,
    error: write,
    fatal: write,
    child: () => log,
    isLevelEnabled: () => true,
  };
  const prices = new Prices(library.clock);
  const metrics = openLbMetrics();
  const front = new Front({ clock: library.clock, log, metrics, library: library.library, prices }, config);
  const worker: FakeWorker = { orders: [], aborted: [], answer: () => pictureAnswer() };
  const client = {
    sendJob: (order: JobOrder, _carried: unknown, _bytesMax: number, signal: AbortSignal) =>
      new Promise<JobAnswer>((resolve, reject) => {
        worker.orders.push(order);
        signal.addEventListener('abort', () => {
          worker.aborted.push(order.jobId);
          reject(new Error('aborted'));
        });
        Promise.resolve(worker.answer(order)).then(resolve, reject);
      }),
    destroy: () => {},
  } as unknown as WorkerClient;
  const pool = new BackendPool(() => client);
  front.dispatcher = new Dispatcher(
    {
      config: () => front.dispatchConfig,
      price: (job) => job.price,
      meanJobMs: () => prices.meanJobMs,
      isProven: () => true,
      standing: () => 'good',
      isAwaited: (job) => front.flights.isAwaited(job),
      onFetched: () => {},
      onReport: (job, report) => front.noteReport(job, report),
      onBroken: () => {},
      onShed: (reason) => metrics.shed.inc({ reason }),
      onRedirect: (reason) => metrics.redirects.inc({ reason }),
      onRetry: () => metrics.retries.inc(),
    },
    pool,
    library.clock,
    seededRng(1),
  );
  const setWorkers = (count: number): void =>
    void front.dispatcher.setBackends(
      Array.from({ length: count }, (_, slot) => ({
        slot,
        generation: 1,
        pid: 1,
        socketPath: `${slot}`,
        state: 'ready',
      })),
    );
  setWorkers(1);

  const server = createServer((req, res) => void handleRequest(front, req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const send = (path: string, headers: OutgoingHttpHeaders = {}, method = 'GET', signal?: AbortSignal) =>
    new Promise<FrontReply>((resolve, reject) => {
      const req = httpRequest(
        { host: '127.0.0.1', port, path, method, headers, ...(signal ? { signal } : {}) },
        (res) => {
          let body = '';
          res.setEncoding('utf8');
          res.on('data', (chunk: string) => {
            body += chunk;
          });
          res.on('error', reject);
          res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
        },
      );
      req.on('error', reject);
      req.end();
    });

  return {
    ...library,
    front,
    worker,
    metrics,
    lines,
    port,
    setWorkers,
    /** What the origin says when it is asked about a source; by default that nothing has changed, and that no condition holds. */
    answerOrigin: (answer: Revalidate): void => {
      origin = answer;
    },
    send,
    /** Access lines, once so many requests are over. */
    accessLines: async (count: number): Promise<readonly LogFields[]> => {
      const found = () => lines.filter(({ event }) => event === 'access');
      while (found().length < count) await new Promise((resolve) => setImmediate(resolve));
      return found();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type FrontRig = Awaited<ReturnType<typeof openFront>>;

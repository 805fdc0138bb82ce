import { Readable } from 'node:stream';
import { Pool } from 'undici';
import { linkPath } from '../ipc/link.ts';
import type {
  JobOrder,
  JobReport,
  OfferedOrder,
  OriginalOrder,
  RevalidateAnswer,
  RevalidateOrder,
  WorkerEvent,
} from '../ipc/order.ts';
import { fromWire, PileusError } from '../shared/errors.ts';
import { JobLink } from './job-link.ts';

/** What a worker answered to an order. A broken socket is no answer: then the call throws. */
export type JobAnswer =
  | Readonly<{ kind: 'result'; bytes: Buffer; report: JobReport }>
  /** `carried` are the source's bytes on their way to the next worker; the caller consumes or destroys them. */
  | Readonly<{ kind: 'redirect'; report: JobReport; carried: Readable | null }>
  | Readonly<{ kind: 'error'; error: PileusError; report: JobReport | null }>;

export type OriginalAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
  /** With it the headers still count: a 416 says in Content-Range where ranges have to lie. */
  error: PileusError | null;
}>;

/**
 * A worker as an upstream: the link for jobs, HTTP over its private unix socket for everything that is streamed. No
 * deadline of its own: jobs are ended by abort, by the answer, or by the worker's death, which breaks the sockets.
 */
export class WorkerClient {
  readonly #socketPath: string;
  /**
   * Jobs that carry a source, and the sources that they carry. Connections apart: neither clients that read originals slowly
   * nor origins that confirm slowly hold up a job.
   */
  readonly #carried: Pool;
  readonly #revalidations: Pool;
  readonly #originals: Pool;
  #link: JobLink | null = null;
  #onEvent: (event: WorkerEvent) => void = () => {};
  #originalsOpen = 0;
  #closed = false;

  constructor(socketPath: string) {
    const pool = (connections: number) =>
      new Pool('http://worker', {
        socketPath,
        connections,
        pipelining: 1,
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 600_000,
      });
    this.#socketPath = socketPath;
    this.#carried = pool(carriedConnectionsMax);
    this.#revalidations = pool(revalidationConnectionsMax);
    this.#originals = pool(originalsMax);
  }

  async sendJob(
    order: JobOrder,
    carried: Readable | null,
    resultBytesMax: number,
    signal: AbortSignal,
  ): Promise<JobAnswer> {
    if (carried === null) return this.#sendOverLink(order, resultBytesMax, signal);
    const json = Buffer.from(JSON.stringify(order));
    const answer = await this.#carried.request({
      method: 'POST',
      path: '/job',
      headers: { 'content-type': 'application/json', 'x-pileus-order-bytes': String(json.length) },
      body: joinedBody(json, carried),
      signal,
    });
    const report = readReport(answer.headers['x-pileus-report']);
    if (answer.statusCode === 200 && report) {
      if (Number(answer.headers['content-length']) > resultBytesMax) {
        letGoOf(answer.body).destroy();
        return { kind: 'error', error: new PileusError('result_too_large'), report };
      }
      return { kind: 'result', bytes: Buffer.from(await answer.body.arrayBuffer()), report };
    }
    if (answer.statusCode === 299 && report?.redirect) {
      if (report.redirect.carries) return { kind: 'redirect', report, carried: letGoOf(answer.body) };
      await answer.body.dump();
      return { kind: 'redirect', report, carried: null };
    }
    await answer.body.dump();
    return { kind: 'error', error: report?.error ? fromWire(report.error) : new PileusError('internal'), report };
  }

  async revalidate(order: RevalidateOrder, signal: AbortSignal): Promise<RevalidateAnswer> {
    const answer = await this.#revalidations.request({
      method: 'POST',
      path: '/revalidate',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal,
    });
    if (answer.statusCode === 200) return (await answer.body.json()) as RevalidateAnswer;
    const report = readReport(answer.headers['x-pileus-report']);
    await answer.body.dump();
    throw report?.error ? fromWire(report.error) : new PileusError('internal');
  }

  /** Throws overloaded when too many originals are being read; `body` has to be read to its end or destroyed. */
  async openOriginal(order: OriginalOrder, signal: AbortSignal): Promise<OriginalAnswer> {
    if (this.#originalsOpen >= originalsMax) throw new PileusError('overloaded', { retryAfterS: 1 });
    this.#originalsOpen += 1;
    const request = this.#originals.request({
      method: 'POST',
      path: '/original',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
      signal,
    });
    const over = (): void => {
      this.#originalsOpen -= 1;
    };
    request.then(({ body }) => body.once('close', over), over);
    const answer = await request;
    const report = readReport(answer.headers['x-pileus-report']);
    if (report?.error) await answer.body.dump();
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: letGoOf(answer.body),
      error: report?.error ? fromWire(report.error) : null,
    };
  }

  /** Follows the worker's events until the link breaks; then resolves. */
  followEvents(onEvent: (event: WorkerEvent) => void): Promise<void> {
    this.#onEvent = onEvent;
    return this.#openLink().broken;
  }

  #openLink(): JobLink {
    if (this.#link === null || this.#link.isBroken) {
      this.#link = new JobLink(linkPath(this.#socketPath), (event) => this.#onEvent(event));
    }
    return this.#link;
  }

  async #sendOverLink(order: JobOrder, resultBytesMax: number, signal: AbortSignal): Promise<JobAnswer> {
    const link = this.#openLink();
    const { report, bytes, tooLarge } = await link.send(order, resultBytesMax, signal);
    if (tooLarge) return { kind: 'error', error: new PileusError('result_too_large'), report };
    if (report.result) return { kind: 'result', bytes: bytes ?? Buffer.alloc(0), report };
    if (report.redirect) {
      return { kind: 'redirect', report, carried: report.redirect.carries ? this.#offered(order.jobId, link) : null };
    }
    return { kind: 'error', error: report.error ? fromWire(report.error) : new PileusError('internal'), report };
  }

  /** The source that a redirect offered. It is sent for when somebody begins to read it. */
  #offered(jobId: string, link: JobLink): Readable {
    let isTaken = false;
    const pool = this.#carried;
    async function* fetched(): AsyncGenerator<Uint8Array> {
      isTaken = true;
      const answer = await pool.request({
        method: 'POST',
        path: '/offered',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jobId } satisfies OfferedOrder),
      });
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw new Error('The offered source is gone.');
      }
      yield* answer.body;
    }
    const body = Readable.from(fetched(), { objectMode: false });
    body.once('close', () => {
      if (!isTaken) link.letGo(jobId);
    });
    return letGoOf(body);
  }

  /** No order will ever be answered here again. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Breaks all connections; what was under way throws. */
  destroy(): void {
    this.#closed = true;
    this.#link?.destroy();
    for (const pool of [this.#carried, this.#revalidations, this.#originals]) void pool.destroy().catch(() => {});
  }
}

/** More than all places of a worker. */
const carriedConnectionsMax = 64;
/** More than one namespace may have under way (revalidator.ts). */
const revalidationConnectionsMax = 256;
const originalsMax = 64;

/** Destroyed before its end a body emits an error, and without a listener that ends the process. */
const letGoOf = (body: Readable): Readable => body.on('error', () => {});

const readReport = (header: string | string[] | undefined): JobReport | null =>
  typeof header === 'string' ? (JSON.parse(header) as JobReport) : null;

/** The bytes that came from another worker broke off: that one's fault, not the fault of the one they were sent to. */
export class CarriedBroken extends Error {}

/** An order with a source behind it. However it ends, the worker that the bytes come from is let go. */
function joinedBody(json: Buffer, carried: Readable): Readable {
  const body = Readable.from(joined(json, carried), { objectMode: false });
  return body.once('close', () => carried.destroy());
}

async function* joined(json: Buffer, carried: Readable): AsyncGenerator<Uint8Array> {
  yield json;
  try {
    yield* carried as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new CarriedBroken('The carried source broke off.', { cause: error });
  }
}

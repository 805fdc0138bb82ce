import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { OfferedOrder, OriginalOrder, RevalidateOrder } from '../ipc/order.ts';
import { asPileusError, PileusError, toWire } from '../shared/errors.ts';
import { KiB } from '../shared/units.ts';
import { BodyReader } from './body-reader.ts';
import { answerJob, orderBytesHeader, orderBytesMax } from './job-endpoint.ts';
import type { JobDeps } from './job-story.ts';
import { listenOn } from './listen.ts';
import type { Offer, Offers } from './offers.ts';
import { sendOriginal } from './original.ts';
import { emptyReport, encodeReport, reportHeader } from './report.ts';
import { revalidate } from './revalidate.ts';
import { UnderWay } from './under-way.ts';

const headerBytesMax = 16 * KiB;
const headersMax = 32;
/** An lb that hangs in the middle of an order, or of a source that it carries over. */
const requestMsMax = 30_000;
const headersMsMax = 10_000;
/** The lbs' pools decide how long connections live. */
const keepAliveMs = 3_600_000;
/** All lbs' pools together, old and new generations. */
const connectionsMax = 4096;
/** Far beyond what the lbs' places allow; a bound for the day they fail. */
const jobsMax = 256;
const originalsMax = 128;
const revalidationsMax = 1024;

export type WorkerServer = Readonly<{
  /** Listens on a unix socket of this process alone. */
  listen: (path: string) => Promise<void>;
  /** Resolves when no request is under way. */
  whenIdle: () => Promise<void>;
  /** Ends the connections. */
  close: () => Promise<void>;
}>;

type Endpoint = Readonly<{
  max: number;
  answer: (request: IncomingMessage, response: ServerResponse, asker: AbortSignal) => Promise<void>;
}>;

/** The worker's side of ipc/order.ts. */
export function openServer(deps: JobDeps, offers: Offers): WorkerServer {
  const endpoints: Readonly<Record<string, Endpoint>> = {
    'POST /job': {
      max: jobsMax,
      answer: (request, response, asker) =>
        answerJob(new BodyReader(request), orderBytesOf(request), response, asker, deps),
    },
    'POST /offered': {
      max: jobsMax,
      answer: async (request, response) => {
        const { jobId } = await readJson<OfferedOrder>(request);
        sendOffered(offers.take(jobId), response);
      },
    },
    'POST /revalidate': {
      max: revalidationsMax,
      answer: async (request, response, asker) => {
        const answer = await revalidate(await readJson<RevalidateOrder>(request), asker, deps);
        sendJson(response, answer, deps);
      },
    },
    'POST /original': {
      max: originalsMax,
      answer: async (request, response, asker) =>
        sendOriginal(await readJson<OriginalOrder>(request), response, asker, deps),
    },
  };
  const counts = new Map<Endpoint, number>();
  const requests = new UnderWay();
  const countOf = (endpoint: Endpoint): number => counts.get(endpoint) ?? 0;

  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      requestTimeout: requestMsMax,
      headersTimeout: headersMsMax,
      keepAliveTimeout: keepAliveMs,
    },
    (request, response) => {
      const route = `${request.method} ${request.url}`;
      const endpoint = endpoints[route];
      if (!endpoint) sendError(response, new PileusError('not_found'), deps);
      else if (countOf(endpoint) >= endpoint.max) sendError(response, new PileusError('overloaded'), deps);
      else void serve(endpoint, request, response);
    },
  );
  server.maxHeadersCount = headersMax;
  server.maxConnections = connectionsMax;
  server.maxRequestsPerSocket = 0;

  async function serve(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asker = new AbortController();
    counts.set(endpoint, countOf(endpoint) + 1);
    requests.begin();
    response.on('close', () => {
      counts.set(endpoint, countOf(endpoint) - 1);
      requests.end();
      if (!response.writableFinished) asker.abort();
    });
    try {
      await endpoint.answer(request, response, asker.signal);
    } catch (error) {
      failed(error, response, deps);
    } finally {
      // What is left of a body that was not wanted; its length is bounded by requestMsMax.
      request.resume();
    }
  }

  return {
    listen: (path) => listenOn(server, path),
    whenIdle: () => requests.whenNone(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function orderBytesOf(request: IncomingMessage): number | null {
  const header = request.headers[orderBytesHeader];
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) throw new PileusError('bad_request');
  return Number(header);
}

async function readJson<T>(request: IncomingMessage): Promise<T> {
  const body = await new BodyReader(request).all(orderBytesMax);
  return JSON.parse(body.toString('utf8')) as T;
}

/** Bytes only: what they are, the report of the redirect has said. */
function sendOffered(offer: Offer | null, response: ServerResponse): void {
  if (!offer) throw new PileusError('not_found');
  response.on('close', offer.release);
  if (response.destroyed) offer.release();
  response.writeHead(200, { 'content-length': offer.bytes.length }).end(offer.bytes);
}

type ReportDeps = Pick<JobDeps, 'inside' | 'log'>;

function sendJson(response: ServerResponse, value: unknown, { inside }: ReportDeps): void {
  const body = JSON.stringify(value);
  response.writeHead(200, {
    [reportHeader]: encodeReport(emptyReport(inside.load())),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function sendError(response: ServerResponse, error: PileusError, { inside }: ReportDeps): void {
  const wire = toWire(error);
  const body = JSON.stringify(wire);
  response.writeHead(error.status, {
    [reportHeader]: encodeReport({ ...emptyReport(inside.load()), error: wire }),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** An error's answer, or a broken connection where an answer has begun: half a body must not look whole. */
function failed(thrown: unknown, response: ServerResponse, deps: ReportDeps): void {
  const error =
    thrown instanceof SyntaxError ? new PileusError('bad_request', { cause: thrown }) : asPileusError(thrown);
  if (error.code === 'internal') deps.log.error({ event: 'internal-error', err: error.cause ?? error });
  if (response.headersSent) response.destroy();
  else sendError(response, error, deps);
}

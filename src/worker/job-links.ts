import { createServer, type Socket } from 'node:net';
import { FrameWriter } from '../ipc/frame-writer.ts';
import { FrameReader } from '../ipc/frames.ts';
import type { LinkOrder, LinkReply } from '../ipc/link.ts';
import type { JobOrder } from '../ipc/order.ts';
import { PileusError, toWire } from '../shared/errors.ts';
import { handleJob, type JobAnswer } from './handle-job.ts';
import type { JobDeps } from './job-story.ts';
import { listenOn } from './listen.ts';
import type { Offers } from './offers.ts';
import { emptyReport } from './report.ts';
import { UnderWay } from './under-way.ts';

/** More than there can be lbs, old and new. */
const linksMax = 32;
/** On one link; far beyond what an lb's places allow, a bound for the day they fail. */
const jobsMax = 256;
const lingerMs = 1000;

export type JobLinks = Readonly<{
  /** Listens on a unix socket of this process alone. */
  listen: (path: string) => Promise<void>;
  /** Resolves when no job is under way. */
  whenIdle: () => Promise<void>;
  /** Ends the links. */
  close: () => Promise<void>;
}>;

/** The worker's side of ipc/link.ts. */
export function openJobLinks(deps: JobDeps, offers: Offers): JobLinks {
  const sockets = new Set<Socket>();
  const jobs = new UnderWay();

  const server = createServer((socket) => {
    sockets.add(socket);
    const link = new JobLink(socket, deps, offers, jobs);
    socket.on('data', (chunk) => link.read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      link.broke();
    });
  });
  server.maxConnections = linksMax;

  return {
    listen: (path) => listenOn(server, path),
    whenIdle: () => jobs.whenNone(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // What has been written still leaves; an lb that does not hang up then is not waited for.
        for (const socket of sockets) {
          socket.end();
          setTimeout(() => socket.destroy(), lingerMs).unref();
        }
      }),
  };
}

/** One lb. When its link breaks nobody waits for its jobs any more. */
class JobLink {
  readonly #socket: Socket;
  readonly #deps: JobDeps;
  readonly #offers: Offers;
  /** Of all links together. */
  readonly #underWay: UnderWay;
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader<LinkOrder>;
  readonly #unfollow: () => void;
  /** What aborts each job under way. */
  readonly #jobs = new Map<string, AbortController>();

  constructor(socket: Socket, deps: JobDeps, offers: Offers, underWay: UnderWay) {
    this.#socket = socket;
    this.#deps = deps;
    this.#offers = offers;
    this.#underWay = underWay;
    this.#writer = new FrameWriter(socket);
    this.#reader = new FrameReader({ bodyFor: () => null, onFrame: (order) => this.#obey(order) });
    this.#unfollow = deps.events.follow((event, withinMs) => this.#writer.writeWithin(withinMs, event));
    this.#tell({ type: 'load', load: deps.inside.load() });
  }

  read(chunk: Buffer): void {
    try {
      this.#reader.read(chunk);
    } catch (error) {
      this.#deps.log.error({ event: 'internal-error', err: error });
      this.#socket.destroy();
    }
  }

  broke(): void {
    this.#unfollow();
    this.#writer.stop();
    for (const asker of this.#jobs.values()) asker.abort();
  }

  #tell(reply: LinkReply, body: Uint8Array | null = null): void {
    this.#writer.write(reply, body);
  }

  #obey(order: LinkOrder): void {
    switch (order.do) {
      case 'job':
        void this.#run(order.order);
        break;
      case 'abort':
        this.#jobs.get(order.jobId)?.abort();
        break;
      case 'let-go':
        this.#offers.letGo(order.jobId);
        break;
    }
  }

  async #run(order: JobOrder): Promise<void> {
    const { jobId } = order;
    if (this.#jobs.size >= jobsMax) {
      const error = toWire(new PileusError('overloaded'));
      this.#tell({ type: 'answer', jobId, report: { ...emptyReport(this.#deps.inside.load()), error } });
      return;
    }
    const asker = new AbortController();
    this.#jobs.set(jobId, asker);
    this.#underWay.begin();
    try {
      this.#answer(jobId, await handleJob(order, null, asker.signal, this.#deps), asker.signal);
    } finally {
      this.#jobs.delete(jobId);
      this.#underWay.end();
    }
  }

  #answer(jobId: string, { report, body, release }: JobAnswer, asker: AbortSignal): void {
    const bytes = body === 'carried' ? null : body;
    const isOffer = report.redirect !== null && bytes !== null;
    if (isOffer && !asker.aborted) this.#offers.put(jobId, { bytes, release });
    else release();
    if (!asker.aborted) this.#tell({ type: 'answer', jobId, report }, isOffer ? null : bytes);
  }
}

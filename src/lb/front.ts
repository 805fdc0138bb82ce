import type { IncomingMessage } from 'node:http';
import { type Config, findNamespace } from '../config/config.ts';
import type { JobReport } from '../ipc/order.ts';
import type { Clock } from '../shared/clock.ts';
import { type ErrorCode, errorEntry } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { accessLine } from './access-line.ts';
import type { Ask } from './ask.ts';
import { BufferedBytes } from './buffered-bytes.ts';
import { isTrustedProxy, parseTrustedProxies, type TrustedProxies } from './client-address.ts';
import { dispatchConfig } from './dispatch-config.ts';
import type { DispatchConfig, Dispatcher } from './dispatcher.ts';
import type { Exchange } from './exchange.ts';
import { Flights } from './flights.ts';
import type { Job, JobOutcome } from './job.ts';
import { KnownUrls } from './known-urls.ts';
import type { Library } from './library.ts';
import type { LbMetrics } from './metrics.ts';
import type { Prices } from './prices.ts';
import { QuarantineView } from './quarantine-view.ts';
import { requestIds } from './request-id.ts';
import { RequestTally } from './request-tally.ts';
import type { AnswerContext } from './respond.ts';

export type FrontParts = Readonly<{
  clock: Clock;
  log: Log;
  metrics: LbMetrics;
  library: Library;
  prices: Prices;
}>;

/** Everything that requests share in one lb process: the parts, the configuration in force, and the counts. */
export class Front {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: LbMetrics;
  readonly library: Library;
  readonly prices: Prices;
  readonly quarantine = new QuarantineView();
  readonly flights = new Flights();
  readonly urls: KnownUrls;
  readonly buffered = new BufferedBytes();
  readonly nextRequestId = requestIds();
  readonly nextJobId = requestIds();
  draining = false;
  /** A configuration that the master has announced and not put in force yet. */
  prepared: Config | null = null;
  requestsInFlight = 0;
  #config: Config;
  #dispatchConfig: DispatchConfig;
  #trusted: TrustedProxies = [];
  #dispatcher: Dispatcher | null = null;
  readonly #counts = {
    requests: 0,
    errors: 0,
    gone: 0,
    made: 0,
    joined: 0,
    hitsMemory: 0,
    hitsStore: 0,
    notModified: 0,
    originals: 0,
  };

  readonly tally = new RequestTally();

  constructor(parts: FrontParts, config: Config) {
    this.clock = parts.clock;
    this.log = parts.log;
    this.metrics = parts.metrics;
    this.library = parts.library;
    this.prices = parts.prices;
    this.#config = config;
    this.#dispatchConfig = dispatchConfig(config);
    this.urls = new KnownUrls(config);
    this.configure(config);
  }

  get config(): Config {
    return this.#config;
  }

  get dispatchConfig(): DispatchConfig {
    return this.#dispatchConfig;
  }

  /** Puts a configuration in force: from here on every request and order goes by it. */
  configure(config: Config): void {
    this.#config = config;
    this.#dispatchConfig = dispatchConfig(config);
    this.urls.configure(config);
    this.library.reconsider();
    this.#trusted = parseTrustedProxies(config.options.trustProxies);
  }

  /** The dispatcher needs the front's ports and the front the dispatcher; this ties the knot once, at start. */
  set dispatcher(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
  }

  get dispatcher(): Dispatcher {
    if (this.#dispatcher === null) throw new Error('The front has no dispatcher yet.');
    return this.#dispatcher;
  }

  get workersReady(): number {
    return this.dispatcher.workersReady;
  }

  contextOf(exchange: Exchange): AnswerContext {
    return exchange.context(this.clock, this.draining);
  }

  opened(): void {
    this.requestsInFlight++;
  }

  /** The response is out or its client is gone: the one place where requests are counted and logged. */
  closed(exchange: Exchange): void {
    this.requestsInFlight--;
    const { metrics } = this;
    const { res } = exchange;
    const { socket } = exchange.req;
    // Node calls an answer finished also when its connection broke under it.
    const gone = !res.writableFinished || (socket.destroyed && !socket.writableFinished);
    const status = gone && exchange.code === null ? 499 : res.statusCode;
    if (gone) {
      // How much of a result has arrived nobody can say.
      if (exchange.from !== 'original') exchange.bodyBytes = 0;
      if (exchange.code === null) exchange.from = 'gone';
    }
    const totalMs = this.clock.nowMs() - exchange.startMs;
    this.#count(exchange);
    this.tally.add(status, exchange.from, exchange.bodyBytes);
    metrics.requestSeconds.observe({ from: exchange.from }, totalMs / 1000);
    if (exchange.joined) metrics.joined.inc();
    if (exchange.code !== null) metrics.errors.inc({ code: exchange.code });
    if (exchange.code === 'quarantined') metrics.quarantineRefusals.inc();
    if (this.#config.options.accessLog) this.log.info(accessLine(exchange, status, totalMs, this.#trusted));
    if (exchange.code === 'internal')
      this.log.error({ event: 'internal-error', requestId: exchange.requestId, err: exchange.cause });
  }

  /** A connection was refused before there was a request on it: counted and logged all the same. Gives its request id. */
  refused(code: ErrorCode, client: string): string {
    const requestId = this.nextRequestId();
    const { status } = errorEntry(code);
    this.#counts.requests++;
    this.#counts.errors++;
    this.tally.add(status, 'error', 0);
    this.metrics.errors.inc({ code });
    if (this.#config.options.accessLog) {
      this.log.info({ event: 'access', requestId, status, from: 'error', client, outBytes: 0, code });
    }
    return requestId;
  }

  /** The client's own id where that is wanted and fit to be logged, else a new one. */
  requestIdOf({ headers }: IncomingMessage): string {
    const theirs = this.#config.options.acceptRequestId ? headers['x-request-id'] : undefined;
    return typeof theirs === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(theirs) ? theirs : this.nextRequestId();
  }

  /** Scheme and host as the client wrote them; a trusted proxy says what it was asked by. */
  originOf({ headers, socket }: IncomingMessage): string {
    const isProxied = isTrustedProxy(socket.remoteAddress ?? '', this.#trusted);
    const forwarded = isProxied ? headers['x-forwarded-proto'] : undefined;
    const host = (isProxied ? headers['x-forwarded-host'] : undefined) ?? headers.host ?? '';
    return `${forwarded === 'https' ? 'https' : 'http'}://${Array.isArray(host) ? host[0] : host}`;
  }

  /** Counters since start, for /stats. */
  counts(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  /** A worker answered: what it says of the source is kept, and prices learn. */
  noteReport(job: Job, report: JobReport): void {
    const namespace = findNamespace(this.#config, job.source.ns);
    if (!namespace) return;
    this.library.noteReport(job, report, this.clock.nowMs());
    if (report.cost && report.cost.actualMs > 0) {
      this.metrics.costErrorRatio.observe(report.cost.actualMs / Math.max(0.01, report.cost.predictedMs));
      this.prices.learn(job.plan, report, this.#config, namespace);
    }
    for (const phase of ['fetch', 'wait', 'process'] as const) {
      this.metrics.phaseSeconds.observe({ phase }, report.phases[`${phase}Ms`] / 1000);
    }
  }

  /** A job ended: its result is kept, or its failure remembered. */
  keep(ask: Ask, job: Job, outcome: JobOutcome, purgesBefore: number): void {
    if (outcome.report) this.metrics.phaseSeconds.observe({ phase: 'queue' }, job.queueMs / 1000);
    // What a former configuration refused says nothing under this one.
    if (!outcome.ok && ask.config !== this.#config) return;
    this.library.keep(ask, outcome, purgesBefore, this.clock.nowMs());
  }

  #count(exchange: Exchange): void {
    const counts = this.#counts;
    counts.requests++;
    if (exchange.from === 'gone') counts.gone++;
    else if (exchange.from === 'error') counts.errors++;
    else if (exchange.from === 'made') counts.made++;
    else if (exchange.from === 'joined') counts.joined++;
    else if (exchange.from === 'memory') counts.hitsMemory++;
    else if (exchange.from === 'store') counts.hitsStore++;
    else if (exchange.from === 'not-modified') counts.notModified++;
    else if (exchange.from === 'original') counts.originals++;
  }
}

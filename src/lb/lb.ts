import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { findNamespace } from '../config/config.ts';
import { awaitBoot } from '../ipc/await-boot.ts';
import { becomeChild } from '../ipc/become-child.ts';
import type { ChildChannel } from '../ipc/channel.ts';
import type { ChildIdentity, Order } from '../ipc/messages.ts';
import { type MetricsReports, startMetricsReports } from '../ipc/metrics-reports.ts';
import type { WorkerEvent } from '../ipc/order.ts';
import { systemClock } from '../shared/clock.ts';
import { asPileusError, toWire } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { systemRng } from '../shared/rng.ts';
import type { Backend } from './backend.ts';
import { BackendPool } from './backend-pool.ts';
import { Dispatcher } from './dispatcher.ts';
import { Front } from './front.ts';
import { gatherMetrics } from './gather-metrics.ts';
import { handleRequest } from './handle-request.ts';
import { openLbHeartbeat } from './heartbeat.ts';
import { Library } from './library.ts';
import { openLbMetrics } from './metrics.ts';
import { Prices } from './prices.ts';
import { openRevalidator } from './revalidator.ts';
import { openPublicServer } from './server.ts';
import { WorkerClient } from './worker-client.ts';

/**
 * A front dispatcher process: takes its configuration from the master, listens on the public port, and turns requests
 * into answers until it is told to drain. The listener is shared through the master (SCHED_NONE), so a successor
 * listens before this one closes and nobody is refused.
 */
export async function runLb(identity: ChildIdentity): Promise<void> {
  const channel = becomeChild(identity);
  const config = await awaitBoot(channel);
  const { role, slot, generation } = identity;
  const openedLog = openLog(config.options, { role, slot, generation });
  const { log } = openedLog;
  log.info({ event: 'child-started', revision: config.revision });

  const metrics = openLbMetrics();
  const pool = new BackendPool((socketPath) => new WorkerClient(socketPath));
  const prices = new Prices(systemClock);
  const library: Library = await Library.open(config, identity.slot, systemClock, (source, version, conditions) =>
    revalidate(source, version, conditions),
  );
  const front = new Front({ clock: systemClock, log, metrics, library, prices }, config);
  const dispatcher = new Dispatcher(
    {
      config: () => front.dispatchConfig,
      price: (job) => {
        const namespace = findNamespace(front.config, job.source.ns);
        return namespace
          ? prices.price(job.plan, job.facts, front.config, namespace, { marks: library.knownMarks(job.plan) })
          : job.price;
      },
      meanJobMs: () => prices.meanJobMs,
      isProven: (job) => {
        const version = job.facts?.version ?? null;
        return library.isProven(job.source, version, job.operation) && !front.quarantine.isStruck(job.source, version);
      },
      standing: (job) => {
        const version = job.facts?.version ?? job.knownVersion;
        if (front.quarantine.find(job.source, version, job.operation, systemClock.nowMs())) return 'quarantined';
        return front.quarantine.isStruck(job.source, version) ? 'struck' : 'good';
      },
      isAwaited: (job) => front.flights.isAwaited(job),
      onFetched: (job, facts, checkedAtMs) => library.noteFetched(job.source, facts, checkedAtMs),
      onReport: (job, report) => front.noteReport(job, report),
      onBroken: (slot, generation) => channel.send({ type: 'backend-broken', slot, generation }),
      onShed: (reason) => metrics.shed.inc({ reason }),
      onRedirect: (reason) => metrics.redirects.inc({ reason }),
      onRetry: () => metrics.retries.inc(),
    },
    pool,
    systemClock,
    systemRng,
  );
  front.dispatcher = dispatcher;
  const revalidate = openRevalidator(front);

  const server = openPublicServer(
    config.options,
    (req, res) => void handleRequest(front, req, res),
    (code, socket) => front.refused(code, socket.remoteAddress ?? ''),
  );
  const reports = startMetricsReports(channel, async () =>
    gatherMetrics(front, pool, await connectionCount(server), openedLog.linesDropped()),
  );
  channel.onMessage((order) =>
    obey(order, { front, server, channel, identity, reports, setLevel: openedLog.setLevel, leave: () => leave() }),
  );

  try {
    await listen(server, config.options.host, config.options.port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    channel.send({
      type: 'boot-failed',
      error: toWire(asPileusError(error)),
      message: listenFault(code, message, config.options),
    });
    return;
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : null;
  log.info({ event: 'listening', port });
  const beat = openLbHeartbeat(front, pool, () => connectionCount(server));
  const beats = setInterval(
    () => void beat().then((report) => channel.send({ type: 'beat', beat: report })),
    config.options.heartbeatMs,
  );
  channel.send({ type: 'ready', port });

  async function leave(): Promise<void> {
    await closed(server);
    clearInterval(beats);
    reports.stop();
    await library.close();
    log.info({ event: 'child-drained' });
    await openedLog.flush();
    await reports.tell();
    channel.send({ type: 'drained' });
    // Nothing native runs here, so an exit cannot hang; keep-alive sockets to workers would hold the loop open.
    setImmediate(() => process.exit(0));
  }
}

type Hands = Readonly<{
  front: Front;
  server: Server;
  channel: ChildChannel;
  identity: ChildIdentity;
  reports: MetricsReports;
  setLevel: (level: Front['config']['options']['logLevel']) => void;
  leave: () => Promise<void>;
}>;

/** Carries out one order of the master. */
function obey(order: Order, hands: Hands): void {
  const { front, channel } = hands;
  switch (order.type) {
    case 'boot':
      return;
    case 'backends':
      for (const backend of front.dispatcher.setBackends(order.backends)) void follow(backend, front);
      return;
    case 'obituary':
      front.dispatcher.noteObituary(order.obituary);
      return;
    case 'quarantine':
      front.quarantine.replace(order.entries, order.struck);
      front.dispatcher.noteBlame();
      return;
    case 'config-prepare':
      // The master has validated it, and it is kept by nobody until the commit brings it into force.
      front.prepared = order.config;
      channel.send({ type: 'config-prepared', revision: order.config.revision });
      return;
    case 'config-commit':
      if (front.prepared?.revision !== order.revision) return;
      front.configure(front.prepared);
      front.prepared = null;
      hands.setLevel(front.config.options.logLevel);
      channel.send({ type: 'config-committed', revision: order.revision });
      return;
    case 'config-abort':
      if (front.prepared?.revision === order.revision) front.prepared = null;
      return;
    case 'tell-metrics':
      void hands.reports.tell();
      return;
    case 'purge':
      front.library.purge(order.scope).then(
        (results) => channel.send({ type: 'purged', purgeId: order.purgeId, results }),
        // A purge that did not happen is not acknowledged.
        (error: unknown) => front.log.error({ event: 'store-failed', err: error }),
      );
      return;
    case 'drain':
      if (front.draining) return;
      front.draining = true;
      void hands.leave();
      return;
  }
}

/**
 * Follows a worker's events for as long as it is in the master's table. A stream that breaks is opened again: were the
 * worker dead, its orders would break too, and the table would say so.
 */
async function follow(backend: Backend, front: Front): Promise<void> {
  const { client } = backend;
  const note = (event: WorkerEvent): void => {
    try {
      front.dispatcher.noteEvent(backend, event);
    } catch (error) {
      front.log.error({ event: 'internal-error', err: error });
    }
  };
  while (!client.isClosed) {
    await client.followEvents(note).catch(() => {});
    if (!client.isClosed) await new Promise((resolve) => setTimeout(resolve, eventsAgainMs).unref());
  }
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });

/**
 * Stops accepting and waits until every request under way has its answer. Answers say `Connection: close` by now, so busy
 * connections end by themselves; those that stay idle are cut after a grace, because a client may just be about to send
 * on one. (node's own `server.close` cuts them at once.)
 */
const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const cutIdle = setTimeout(() => {
      server.closeIdleConnections();
      const again = setInterval(() => server.closeIdleConnections(), 100);
      server.once('close', () => clearInterval(again));
    }, idleGraceMs);
    server.once('close', () => {
      clearTimeout(cutIdle);
      resolve();
    });
    NetServer.prototype.close.call(server);
  });

const idleGraceMs = 1500;

const eventsAgainMs = 250;

const connectionCount = (server: Server): Promise<number> =>
  new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)));

const listenFault = (
  code: string | undefined,
  message: string,
  { host, port }: { host: string; port: number },
): string =>
  code === 'EADDRINUSE'
    ? `Port ${port} on ${host} is in use by another program.`
    : `Cannot listen on ${host}:${port}: ${message}.`;

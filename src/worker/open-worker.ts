import type { Config, Options } from '../config/config.ts';
import type { ChildChannel } from '../ipc/channel.ts';
import { linkPath } from '../ipc/link.ts';
import type { Order } from '../ipc/messages.ts';
import { startMetricsReports } from '../ipc/metrics-reports.ts';
import type { Clock } from '../shared/clock.ts';
import type { OpenLog } from '../shared/log.ts';
import { BlobBuffer } from './blob-buffer.ts';
import { ConfigRevisions, type RevisionDeps } from './config-revisions.ts';
import { DerivationTable } from './derivation-table.ts';
import type { Engine } from './engine.ts';
import { EventStream } from './event-stream.ts';
import { startHeartbeat } from './heartbeat.ts';
import { JobGate } from './job-gate.ts';
import { openJobLinks } from './job-links.ts';
import type { JobDeps } from './job-story.ts';
import { JobsInside } from './jobs-inside.ts';
import { LoadMeter } from './load-meter.ts';
import type { MakeAnswer } from './make-picture.ts';
import { openMetrics } from './metrics.ts';
import { Offers } from './offers.ts';
import { openServer } from './server.ts';
import { SourceTable } from './source-table.ts';

export type WorkerParts = Readonly<{
  config: Config;
  socketPath: string;
  channel: Pick<ChildChannel, 'send' | 'sendSoon'>;
  engine: Engine;
  /** Makes the engine ready for its first picture. */
  warmUp: () => Promise<unknown>;
  revisionDeps: RevisionDeps;
  clock: Clock;
  log: Pick<OpenLog, 'log' | 'setLevel' | 'linesDropped' | 'flush'>;
  faultsArmed: boolean;
  /** Ends the process; nothing runs in it any more. */
  leave: () => void;
}>;

/** A worker that serves, and how the master's orders reach it. */
export type OpenWorker = Readonly<{ obey: (order: Order) => void }>;

/** Puts a worker together and lets it serve: configuration, warm-up, socket, `ready`. Throws what keeps it from that. */
export async function openWorker(parts: WorkerParts): Promise<OpenWorker> {
  const { config, channel, clock, engine } = parts;
  const { log } = parts.log;
  const revisions = new ConfigRevisions(parts.revisionDeps);
  await revisions.prepare(config);
  revisions.commit(config.revision);
  await parts.warmUp();

  const buffer = new BlobBuffer(config.options.blobBufferBytes);
  const meter = new LoadMeter(clock);
  const inside = new JobsInside(buffer, meter);
  const metrics = openMetrics({ buffer, inside, linesDropped: parts.log.linesDropped });
  const gate = new JobGate(clock);
  const events = new EventStream();
  let isDraining = false;
  const deps: JobDeps = {
    clock,
    buffer,
    gate,
    engine,
    inside,
    meter,
    metrics,
    events,
    tellMaster: (fact, onSent) => channel.send(fact, onSent),
    tellMasterSoon: (fact) => channel.sendSoon(fact),
    faultsArmed: parts.faultsArmed,
    revisions,
    sources: new SourceTable({ clock, buffer, readHeader: engine.readHeader }),
    derivations: new DerivationTable<MakeAnswer>(),
    isDraining: () => isDraining,
    log,
  };
  const offers = new Offers();
  const server = openServer(deps, offers);
  const links = openJobLinks(deps, offers);
  await server.listen(parts.socketPath);
  await links.listen(linkPath(parts.socketPath));
  const stopHeartbeat = startHeartbeat(config.options.heartbeatMs, deps);
  const reports = startMetricsReports(channel, () => metrics.registry.getMetricsAsJSON());
  channel.send({ type: 'ready', port: null });

  async function drain(): Promise<void> {
    if (isDraining) return;
    isDraining = true;
    gate.close();
    await links.whenIdle();
    await offers.whenNone();
    await server.whenIdle();
    await gate.whenFree();
    stopHeartbeat();
    reports.stop();
    await server.close();
    await links.close();
    await revisions.close();
    log.info({ event: 'child-drained' });
    await parts.log.flush();
    await reports.tell();
    channel.send({ type: 'drained' }, parts.leave);
  }

  const reconfigure = configOrders(revisions, channel, parts.log.setLevel);
  return {
    obey(order) {
      if (order.type === 'drain') void drain();
      else if (order.type === 'tell-metrics') void reports.tell();
      else reconfigure(order);
    },
  };
}

/** Carries out orders about the configuration, one after the other: preparing takes a moment. */
function configOrders(
  revisions: ConfigRevisions,
  channel: Pick<ChildChannel, 'send'>,
  setLevel: (level: Options['logLevel']) => void,
): (order: Order) => void {
  let last: Promise<void> = Promise.resolve();

  async function carryOut(order: Order): Promise<void> {
    if (order.type === 'config-prepare') {
      const { revision } = order.config;
      try {
        await revisions.prepare(order.config);
        channel.send({ type: 'config-prepared', revision });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        channel.send({ type: 'config-refused', revision, reason });
      }
    }
    if (order.type === 'config-commit' && revisions.commit(order.revision)) {
      setLevel(revisions.newest.config.options.logLevel);
      channel.send({ type: 'config-committed', revision: order.revision });
    }
    if (order.type === 'config-abort') revisions.abort(order.revision);
  }

  return (order) => {
    last = last.then(() => carryOut(order));
  };
}

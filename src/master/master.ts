import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { LoadResult } from '../config/load-config.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { type OpenLog, openLog } from '../shared/log.ts';
import { type Rng, systemRng } from '../shared/rng.ts';
import { openAdminServer } from './admin-server.ts';
import { probeCpus } from './affinity.ts';
import { ControlPlane } from './control-plane.ts';
import { openMasterMetrics, zeroMetrics } from './metrics.ts';
import { probeParentDeath } from './parent-death.ts';
import { openRuntimeFolder, type RuntimeFolder } from './runtime-folder.ts';
import { probeIdleClass, schedulingNote } from './scheduling.ts';
import { type SignalName, signalNames } from './signals.ts';

/** What a master starts with. All but the first three have defaults; tests give their own. */
export type MasterStart = Readonly<{
  config: Config;
  /** Reads the configuration again, for SIGHUP and SIGUSR2. */
  reload: () => Promise<LoadResult>;
  /** Sentences for the log of the start. */
  notes: readonly string[];
  /** Called once, when the node serves. */
  onReady?: (ready: ReadyInfo) => void;
  /** What a child runs. */
  script?: string;
  signals?: SignalSource;
  log?: OpenLog;
  clock?: Clock;
  rng?: Rng;
}>;

export type ReadyInfo = Readonly<{ host: string; port: number; adminHost: string; adminPort: number }>;

/** Where signals come from: the process. */
export type SignalSource = Readonly<{
  on: (signal: SignalName, listener: () => void) => unknown;
  off: (signal: SignalName, listener: () => void) => unknown;
}>;

/**
 * The control plane of a node: keeps the lbs and workers alive and never touches a request. Resolves with the exit
 * code when all children are gone: 0 after a stop that was asked for, 1 where the node could not start or gave up.
 */
export async function runMaster(start: MasterStart): Promise<number> {
  const { config } = start;
  const opened = start.log ?? openLog(config.options, { role: 'master' });
  const { log } = opened;
  process.title = 'pileus: master';
  log.info({ event: 'starting', revision: config.revision, workers: config.options.workers, lbs: config.options.lbs });
  const [parentDeath, hasIdleClass] = [probeParentDeath(), probeIdleClass()];
  const cannot = schedulingNote(config.options.workerScheduling, hasIdleClass, parentDeath === 'kernel');
  for (const note of [...start.notes, ...(cannot === null ? [] : [cannot])]) log.info({ event: 'note' }, note);

  const folder = openFolder(config, opened);
  if (!folder) return await failed(opened);
  const metrics = openMasterMetrics(opened.linesDropped);
  zeroMetrics(metrics);
  let adminPort = config.options.adminPort;
  const plane = new ControlPlane({
    config,
    reload: start.reload,
    script: start.script ?? fileURLToPath(new URL('../main.js', import.meta.url)),
    parentDeath,
    cpus: probeCpus(),
    hasIdleClass,
    folder,
    recordsFolder: recordsFolder(config, folder),
    openedLog: opened,
    metrics,
    clock: start.clock ?? systemClock,
    rng: start.rng ?? systemRng,
    onServing: (port) => {
      const { host, adminHost } = config.options;
      const url = urlOf(host, port);
      log.info({ event: 'ready', url, adminUrl: urlOf(adminHost, adminPort) }, `serving on ${url}`);
      start.onReady?.({ host, port, adminHost, adminPort });
    },
  });

  const admin = openAdminServer(plane.view);
  const listening = await listen(admin, config, opened);
  if (listening === null) {
    folder.remove();
    return await failed(opened);
  }
  adminPort = listening;

  const signals = start.signals ?? process;
  const listeners = signalNames.map((signal) => ({ signal, listener: () => plane.signalled(signal) }));
  for (const { signal, listener } of listeners) signals.on(signal, listener);
  const exitCode = await plane.run();
  for (const { signal, listener } of listeners) signals.off(signal, listener);
  await admin.close();
  folder.remove();
  log.info({ event: 'stopped', exitCode }, 'all children are gone');
  await opened.flush();
  return exitCode;
}

async function failed(opened: OpenLog): Promise<number> {
  await opened.flush();
  return 1;
}

function openFolder(config: Config, { log }: OpenLog): RuntimeFolder | null {
  try {
    return openRuntimeFolder(config.options.runtimeDir);
  } catch (err) {
    log.fatal({ event: 'gave-up', err }, 'no folder for private sockets: set runtimeDir to one that can be written');
    return null;
  }
}

/** Without `dataDir` the records go when the master goes: the folder for temporary files is no place for leftovers. */
const recordsFolder = ({ options }: Config, folder: RuntimeFolder): string =>
  join(options.dataDir === '' ? folder.path : options.dataDir, 'flight');

/** Opens the admin port; its number, or null and a line that says why not. */
async function listen(admin: FastifyInstance, config: Config, { log }: OpenLog): Promise<number | null> {
  const { adminHost: host, adminPort: port } = config.options;
  try {
    await admin.listen({ host, port });
  } catch (err) {
    const why =
      (err as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? `the admin port ${urlOf(host, port)} is in use; set adminPort to a free one`
        : `the admin port ${urlOf(host, port)} cannot be opened`;
    log.fatal({ event: 'admin-failed', err }, why);
    return null;
  }
  const address = admin.server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  log.info({ event: 'admin-listening', url: urlOf(host, listening) });
  return listening;
}

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

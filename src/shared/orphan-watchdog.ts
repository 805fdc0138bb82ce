import { Worker } from 'node:worker_threads';

/**
 * Ends a child whose master is gone, where the kernel cannot be asked to do it (no `setpriv --pdeathsig`).
 *
 * A thread of its own, because the main thread may be spinning, and SIGKILL, because `process.exit` waits for
 * libvips: a disconnected channel alone leaves such children running.
 */

/** Holds the master's process id in children that have to watch it themselves. */
export const watchdogVariable = 'PILEUS_CHILD_WATCHDOG';

const checkEveryMs = 1000;

const source = `
const { workerData } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid !== workerData.masterPid) process.kill(process.pid, 'SIGKILL');
}, workerData.checkEveryMs);
`;

/** Starts the watchdog where the environment asks for it; says whether it did. For children, as early as possible. */
export function startOrphanWatchdog(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const masterPid = Number(env[watchdogVariable]);
  if (!Number.isInteger(masterPid) || masterPid <= 0) return false;
  const thread = new Worker(source, {
    eval: true,
    workerData: { masterPid, checkEveryMs },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  // A thread that cannot run is no reason to stop serving: the closed channel still ends an idle child.
  thread.on('error', () => {});
  thread.unref();
  return true;
}

import os from 'node:os';
import { awaitBoot } from '../ipc/await-boot.ts';
import { becomeChild } from '../ipc/become-child.ts';
import type { ChildIdentity } from '../ipc/messages.ts';
import { warmUp } from '../pipeline/sharp.ts';
import { systemClock } from '../shared/clock.ts';
import { asPileusError, toWire } from '../shared/errors.ts';
import { openLog } from '../shared/log.ts';
import { openOriginalStore } from '../store/originals/open-store.ts';
import { loadAssets } from './assets.ts';
import { isArmed } from './fault-injection.ts';
import { openEngine } from './open-engine.ts';
import { openWorker } from './open-worker.ts';

/** A worker process: hello, boot, ready; then it serves its socket until it is told to drain, or dies with its master. */
export async function runWorker(identity: ChildIdentity): Promise<void> {
  const { role, slot, generation, socketPath } = identity;
  const channel = becomeChild(identity);
  const config = await awaitBoot(channel);
  // Of this thread; those that are still to come, libuv's and libvips', take it over. Only root may go back up.
  os.setPriority(Math.max(os.getPriority(), config.options.workerNice));
  const log = openLog(config.options, { role, slot, generation });
  log.log.info({ event: 'child-started', revision: config.revision });

  const opening = openWorker({
    config,
    socketPath,
    channel,
    engine: openEngine(),
    warmUp,
    revisionDeps: { openStore: (origin) => openOriginalStore(origin, { clock: systemClock }), loadAssets },
    clock: systemClock,
    log,
    faultsArmed: isArmed(process.env),
    leave: () => process.exit(0),
  });
  channel.onMessage((order) => void opening.then(({ obey }) => obey(order)).catch(() => {}));
  try {
    await opening;
  } catch (error) {
    log.log.error({ event: 'child-failed', err: error });
    const message = error instanceof Error ? error.message : String(error);
    channel.send({ type: 'boot-failed', error: toWire(asPileusError(error)), message });
  }
}

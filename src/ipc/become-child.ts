import { startOrphanWatchdog } from '../shared/orphan-watchdog.ts';
import { type ChildChannel, openChildChannel } from './channel.ts';
import type { ChildIdentity } from './messages.ts';
import { tierUpSooner } from './tier-up.ts';

/**
 * What every child does first: a name in `ps`, deaf to signals, dead with its master. Gives its end of the channel.
 *
 * A terminal or a service manager signals the whole process group; the master alone decides what that means and orders
 * it. When the channel closes the master is gone, and nobody is left to log, restart or stop this process: SIGKILL,
 * before node:cluster's own listener runs `process.exit`, which waits for libvips.
 */
export function becomeChild({ role, slot, generation }: ChildIdentity): ChildChannel {
  process.title = `pileus: ${role} ${slot} gen ${generation}`;
  startOrphanWatchdog();
  tierUpSooner();
  for (const signal of mastersSignals) process.on(signal, () => {});
  process.prependListener('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return openChildChannel();
}

const mastersSignals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU'] as const;

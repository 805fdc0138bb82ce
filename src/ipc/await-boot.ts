import type { Config } from '../config/config.ts';
import type { ChildChannel } from './channel.ts';

/**
 * A child's first words: says hello and waits for its configuration. Nothing may be ordered of it before; the master
 * has set a deadline for its being ready before it was spawned.
 */
export function awaitBoot(channel: ChildChannel): Promise<Config> {
  return new Promise((resolve) => {
    channel.onMessage((order) => {
      if (order.type === 'boot') resolve(order.config);
    });
    channel.send({ type: 'hello' });
  });
}

import type { Server } from 'node:net';

/** `exclusive`: in a cluster child the primary would otherwise open the socket, and keep it. */
export const listenOn = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });

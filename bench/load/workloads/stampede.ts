import { counterOf } from '../node-stats.ts';
import { percentiles } from '../percentiles.ts';
import { RawClient } from '../raw-client.ts';
import { startServer } from '../server.ts';
import type { Workload } from '../workload.ts';

export const stampede: Workload = {
  name: 'stampede',
  asks: '1,000 concurrent requests of one new URL: one fetch, one decode, 1,000 x 200.',
  run: async (context) => {
    const server = await startServer([context.originals], {
      PILEUS_WORKERS: String(context.cpus),
      PILEUS_HEARTBEAT_MS: '100',
    });
    const client = new RawClient(server.port);
    try {
      const replies = await Promise.all(Array.from({ length: 1000 }, () => client.get('/photos/six.jpg/~w_777.webp')));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const ok = replies.filter((reply) => reply.status === 200).length;
      return [
        {
          workload: 'stampede of 1,000',
          ...percentiles(replies.map((reply) => reply.ms)),
          errors: 1000 - ok,
          decodes: await counterOf(server.adminPort, 'pileus_worker_jobs_total', 'ok'),
          fetches: await counterOf(server.adminPort, 'pileus_worker_fetches_total', 'ok'),
        },
      ];
    } finally {
      client.close();
      await server.stop();
    }
  },
};

import { closedLoop, openLoop } from '../client.ts';
import { percentiles, round } from '../percentiles.ts';
import { startServer } from '../server.ts';
import type { Workload } from '../workload.ts';

export const overload: Workload = {
  name: 'overload',
  asks: 'Ten times the rate it can hold, JPEG 6 MP, open loop: goodput at least 0.9 of rated, refusals p99 under 20 ms, p99 of the admitted at most 2 s.',
  run: async (context) => {
    const server = await startServer([context.originals], { PILEUS_WORKERS: String(context.cpus) });
    let serial = 0;
    const path = (): string =>
      `/photos/six.jpg/~w_${500 + (serial % 40)},q_${60 + (Math.floor(serial / 40) % 40)},sh_${(0.5 + (Math.floor(serial++ / 1600) % 90) / 10).toFixed(1)}.jpg`;
    const durationMs = context.quick ? 4000 : 20_000;
    try {
      await closedLoop(server.port, path, 4 * context.cpus, 2000);
      const rated = await closedLoop(server.port, path, 4 * context.cpus, durationMs / 2);
      const { perSecond } = rated;
      const { replies, elapsedMs, sent, skipped } = await openLoop(server.port, path, 10 * perSecond, durationMs, 8192);
      const admitted = replies.filter((reply) => reply.status === 200);
      const refused = replies.filter((reply) => reply.code === 'overloaded');
      const shed = replies.filter((reply) => reply.code === 'shed');
      return [
        {
          workload: 'rated (closed loop)',
          rps: round(perSecond, 1),
          ...percentiles(rated.replies.map((reply) => reply.ms)),
        },
        {
          workload: 'overload: admitted',
          rps: round((admitted.length / elapsedMs) * 1000, 1),
          ...percentiles(admitted.map((reply) => reply.ms)),
          goodputOfRated: round(((admitted.length / elapsedMs) * 1000) / perSecond),
          offeredOfRated: round((((sent + skipped) / elapsedMs) * 1000) / perSecond, 1),
          skipped,
        },
        {
          workload: 'overload: refused at the door',
          rps: round((refused.length / elapsedMs) * 1000, 1),
          ...percentiles(refused.map((reply) => reply.ms)),
          errors: replies.length - admitted.length - refused.length - shed.length,
        },
        {
          workload: 'overload: shed from the queue',
          rps: round((shed.length / elapsedMs) * 1000, 1),
          ...percentiles(shed.map((reply) => reply.ms)),
        },
      ];
    } finally {
      await server.stop();
    }
  },
};

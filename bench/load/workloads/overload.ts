import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startBareServer } from '../bare.ts';
import { closedLoop, openLoop } from '../client.ts';
import { defaultOptions } from '../default-options.ts';
import { startLimit } from '../limit.ts';
import { percentiles, round } from '../percentiles.ts';
import type { Reply } from '../raw-client.ts';
import { resolvedOf } from '../resolved-of.ts';
import { startServer } from '../server.ts';
import type { Workload } from '../workload.ts';

export const overload: Workload = {
  name: 'overload',
  asks: 'Ten times the rate it can hold, JPEG 6 MP, open loop: goodput at least 0.9 of rated, refusals p99 under 20 ms, p99 of the admitted at most 2 s. Workers of the idle class.',
  run: async (context) => {
    const server = await startServer([context.originals], {
      PILEUS_WORKERS: String(context.cpus),
      // As in a container of its own (decision 0014).
      PILEUS_WORKER_SCHEDULING: 'idle',
    });
    const bare = await startBareServer(refusalBytes);
    const limit = await startLimit(context.cpus);
    limit.behaveAsWorkers('idle');
    const six = path.join(context.originals, 'six.jpg');
    const picture = resolvedOf(readFileSync(six), 'w_512.jpg', defaultOptions());
    let serial = 0;
    const nextPath = (): string =>
      `/photos/six.jpg/~w_${500 + (serial % 40)},q_${60 + (Math.floor(serial / 40) % 40)},sh_${(0.5 + (Math.floor(serial++ / 1600) % 90) / 10).toFixed(1)}.jpg`;
    const rounds = context.quick ? 1 : 4;
    const durationMs = context.quick ? 4000 : 8000;
    const samples: Reply[] = [];
    const total = { rated: 0, overloadMs: 0, offered: 0, skipped: 0 };
    const ratedReplies: Reply[] = [];
    const floor: Reply[] = [];
    try {
      // Rounds that do not count: code is compiled, that of refusals as well.
      const first = await closedLoop(server.port, nextPath, 4 * context.cpus, context.quick ? 2000 : 8000);
      await openLoop(server.port, nextPath, 10 * first.perSecond, context.quick ? 2000 : 8000, 8192);
      // In turns: the rate that it can hold is the machine's of just then.
      for (let turn = 0; turn < rounds; turn++) {
        const rated = await closedLoop(server.port, nextPath, 4 * context.cpus, durationMs / 2);
        const over = await openLoop(server.port, nextPath, 10 * rated.perSecond, durationMs, 8192);
        total.rated += (rated.perSecond * over.elapsedMs) / 1000;
        total.overloadMs += over.elapsedMs;
        total.offered += over.sent + over.skipped;
        total.skipped += over.skipped;
        // The floor: what refuses everything, beside processes that are as busy as workers.
        const busy = limit.measure({ files: [six], resolved: picture, durationMs: durationMs + 500 });
        floor.push(...(await openLoop(bare.port, () => '/', 10 * rated.perSecond, durationMs)).replies);
        await busy;
        ratedReplies.push(...rated.replies);
        samples.push(...over.replies);
      }
      const admitted = samples.filter((reply) => reply.status === 200);
      const refused = samples.filter((reply) => reply.code === 'overloaded');
      const shed = samples.filter((reply) => reply.code === 'shed');
      const perSecond = (count: number): number => round((count / total.overloadMs) * 1000, 1);
      const latencies = (replies: readonly Reply[]) => percentiles(replies.map((reply) => reply.ms));
      return [
        { workload: 'rated (closed loop)', rps: perSecond(total.rated), ...latencies(ratedReplies) },
        {
          workload: 'overload: admitted',
          rps: perSecond(admitted.length),
          ...latencies(admitted),
          goodputOfRated: round(admitted.length / total.rated),
          offeredOfRated: round(total.offered / total.rated, 1),
          skipped: total.skipped,
        },
        {
          workload: 'overload: refused at the door',
          rps: perSecond(refused.length),
          ...latencies(refused),
          errors: samples.length - admitted.length - refused.length - shed.length,
        },
        { workload: 'refusals of a bare node:http beside busy processes', ...latencies(floor) },
        { workload: 'overload: shed from the queue', rps: perSecond(shed.length), ...latencies(shed) },
      ];
    } finally {
      bare.stop();
      limit.stop();
      await server.stop();
    }
  },
};

/** As long as the body of a refusal. */
const refusalBytes = 130;

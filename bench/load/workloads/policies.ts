import { seededRng } from '../../../src/shared/rng.ts';
import { closedLoop, openLoop } from '../client.ts';
import { percentiles, round } from '../percentiles.ts';
import { type RunningServer, startServer } from '../server.ts';
import type { Row, Workload } from '../workload.ts';

const policies = ['round-robin', 'least-connections', 'score'] as const;

export const policiesCompared: Workload = {
  name: 'policies',
  asks: 'The load score against round robin and least connections under one mixed load: it wins at p99.',
  run: async (context) => {
    const servers: RunningServer[] = [];
    const samples = new Map<string, number[]>(policies.map((policy) => [policy, []]));
    const errors = new Map<string, number>(policies.map((policy) => [policy, 0]));
    let rate = 0;
    try {
      for (const policy of policies) {
        servers.push(
          await startServer([context.originals], {
            PILEUS_WORKERS: String(context.cpus),
            PILEUS_DISPATCH_POLICY: policy,
            PILEUS_REQUEST_MS: '120000',
            PILEUS_QUEUE_WAIT_MS_MAX: '60000',
            PILEUS_CODEL_TARGET_MS: '60000',
          }),
        );
      }
      const paths = servers.map(() => mixedPaths());
      for (const [at, server] of servers.entries()) await closedLoop(server.port, paths[at] as () => string, 8, 3000);
      const rated = await closedLoop(
        (servers[2] as RunningServer).port,
        paths[2] as () => string,
        8,
        context.quick ? 3000 : 8000,
      );
      rate = 0.7 * rated.perSecond;
      // Turns of a few seconds each, around and around: a slow minute of the machine hits all three alike.
      for (let turn = 0; turn < (context.quick ? 1 : 12); turn++) {
        for (const [at, policy] of policies.entries()) {
          const { replies } = await openLoop(
            (servers[at] as RunningServer).port,
            paths[at] as () => string,
            rate,
            context.quick ? 3000 : 5000,
          );
          samples.get(policy)?.push(...replies.filter((reply) => reply.status === 200).map((reply) => reply.ms));
          errors.set(policy, (errors.get(policy) ?? 0) + replies.filter((reply) => reply.status !== 200).length);
        }
      }
    } finally {
      for (const server of servers) await server.stop();
    }
    return policies.map(
      (policy): Row => ({
        workload: `mixed load, ${policy}`,
        rps: round(rate, 1),
        meanMs: round(mean(samples.get(policy) ?? []), 1),
        ...percentiles(samples.get(policy) ?? []),
        errors: errors.get(policy) ?? 0,
      }),
    );
  },
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The same unique mixture for every server: mostly thumbnails, some middle-sized, a few dear ones; all sources known. */
function mixedPaths(): () => string {
  const rng = seededRng(5);
  let serial = 0;
  return () => {
    const at = serial++;
    const unique = `q_${50 + (at % 45)}`;
    const side = 100 + (Math.floor(at / 45) % 300);
    const draw = rng();
    if (draw < 0.7) return `/photos/six.jpg/~m_cover,w_${side},h_${side},${unique}.jpg`;
    if (draw < 0.85) return `/photos/six.webp/~w_${side + 300},${unique}.webp`;
    if (draw < 0.95) return `/photos/six.png/~w_${side + 500},${unique}.jpg`;
    return `/photos/twentyfour-progressive.jpg/~w_${side + 700},${unique}.jpg`;
  };
}

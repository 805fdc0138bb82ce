import { closedLoop, openLoop } from '../client.ts';
import { percentiles, round } from '../percentiles.ts';
import { RawClient, type Reply } from '../raw-client.ts';
import { type RunningServer, startServer } from '../server.ts';
import type { BenchContext, Row, Workload } from '../workload.ts';

export const lanes: Workload = {
  name: 'lanes',
  asks: 'Thumbnails at 30 % of capacity beside 2 x workers + 2 outstanding 96 MP pictures: p99 at most 4 x alone; the huge ones at least 0.5 of their rate alone.',
  run: async (context) => {
    const env = {
      PILEUS_WORKERS: String(context.cpus),
      PILEUS_SOURCE_PIXELS_MAX: '120000000',
      PILEUS_SOURCE_WHOLE_PIXELS_MAX: '120000000',
      PILEUS_SOURCE_BYTES_MAX: '100000000',
      PILEUS_REQUEST_MS: '60000',
      PILEUS_HARD_MS: '30000',
      PILEUS_SOFT_MS: '20000',
    };
    const server = await startServer([context.originals], env);
    try {
      return await measure(server, context);
    } finally {
      await server.stop();
    }
  },
};

async function measure(server: RunningServer, context: BenchContext): Promise<readonly Row[]> {
  const durationMs = context.quick ? 4000 : 20_000;
  let serial = 0;
  const thumb = (): string =>
    `/photos/six.jpg/~m_cover,w_${150 + (serial % 40)},h_${150 + (Math.floor(serial / 40) % 40)},q_${50 + (Math.floor(serial++ / 1600) % 50)}.jpg`;
  const capacity = await closedLoop(server.port, thumb, 4 * context.cpus, context.quick ? 2000 : 5000);
  const rate = 0.3 * capacity.perSecond;
  await openLoop(server.port, thumb, rate, 1000);

  const hugeAlone = await hugeFor(server, context, durationMs, async () => {});
  const alone = await openLoop(server.port, thumb, rate, durationMs);
  let beside: Awaited<ReturnType<typeof openLoop>> | null = null;
  const hugeBeside = await hugeFor(server, context, durationMs, async () => {
    // Until both are on their way.
    await openLoop(server.port, thumb, rate, 3000);
    beside = await openLoop(server.port, thumb, rate, durationMs);
  });
  if (beside === null) throw new Error('The thumbnails beside were not measured.');
  const thumbsAlone = latencies(alone.replies);
  const thumbsBeside = latencies((beside as Awaited<ReturnType<typeof openLoop>>).replies);
  return [
    { workload: 'thumbnails alone', rps: round(rate, 1), ...thumbsAlone },
    {
      workload: 'thumbnails beside huge',
      rps: round(rate, 1),
      ...thumbsBeside,
      p99TimesAlone: round(thumbsBeside.p99Ms / thumbsAlone.p99Ms),
    },
    { workload: 'huge alone', rps: round(hugeAlone.perSecond, 3), errors: hugeAlone.errors },
    {
      workload: 'huge beside thumbnails',
      rps: round(hugeBeside.perSecond, 3),
      errors: hugeBeside.errors,
      rateOfAlone: round(hugeBeside.perSecond / hugeAlone.perSecond),
    },
  ];
}

const latencies = (replies: readonly Reply[]) => ({
  ...percentiles(replies.filter((reply) => reply.status === 200).map((reply) => reply.ms)),
  errors: replies.filter((reply) => reply.status !== 200).length,
});

/** Keeps 2 x workers + 2 different 96 MP pictures outstanding while `meanwhile` runs, and at least `durationMs`. */
async function hugeFor(
  server: RunningServer,
  context: BenchContext,
  durationMs: number,
  meanwhile: () => Promise<void>,
): Promise<{ perSecond: number; errors: number }> {
  const client = new RawClient(server.port);
  let running = true;
  let done = 0;
  let errors = 0;
  const startMs = performance.now();
  const lane = async (): Promise<void> => {
    while (running) {
      const reply = await client.get(
        `/photos/huge-${hugeSerial % 4}.jpg/~w_1600,q_${60 + (hugeSerial++ % 35)},h_${1400 + (Math.floor(hugeSerial / 35) % 100)}.webp`,
      );
      if (reply.status === 200) done++;
      else {
        errors++;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };
  const all = Array.from({ length: 2 * context.cpus + 2 }, lane);
  await Promise.all([meanwhile(), new Promise((resolve) => setTimeout(resolve, durationMs))]);
  const perSecond = (done / (performance.now() - startMs)) * 1000;
  running = false;
  await Promise.all(all);
  client.close();
  return { perSecond, errors };
}

let hugeSerial = 0;

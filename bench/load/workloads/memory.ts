import { nodeStats } from '../node-stats.ts';
import { round } from '../percentiles.ts';
import { readTree, watchPeakRss } from '../process-tree.ts';
import { RawClient } from '../raw-client.ts';
import { startServer } from '../server.ts';
import type { BenchContext, Row, Workload } from '../workload.ts';

export const memory: Workload = {
  name: 'memory',
  asks: '200 concurrent 24 MP sources: RSS of the tree under workers x (blob buffer + 300 MB) + 300 MB (AVIF 600 MB for 300); flat after 2,000 pictures.',
  run: async (context) => {
    const rows: Row[] = [];
    for (const [original, perWorkerMb] of [
      ['twentyfour.jpg', 300],
      ['twentyfour-progressive.jpg', 300],
      ['twentyfour.png', 300],
      ['twentyfour.webp', 300],
      ['twentyfour.avif', 600],
    ] as const) {
      rows.push(await concurrent(original, perWorkerMb, context));
    }
    rows.push(await flat(context));
    return rows;
  },
};

const patient = {
  PILEUS_SOURCE_BYTES_MAX: '120000000',
  PILEUS_QUEUE_WAIT_MS_MAX: '60000',
  PILEUS_CODEL_TARGET_MS: '60000',
  PILEUS_REQUEST_MS: '600000',
  PILEUS_QUEUE_BYTES_MAX: '100000000000',
  PILEUS_HEAVY_JOB_MS: '60000',
};

async function concurrent(original: string, perWorkerMb: number, context: BenchContext): Promise<Row> {
  const server = await startServer([context.originals], { ...patient, PILEUS_WORKERS: String(context.cpus) });
  const client = new RawClient(server.port);
  const requests = context.quick ? 20 : 200;
  const peak = watchPeakRss(server.pid);
  try {
    const { workers } = await nodeStats(server.adminPort);
    const replies = await Promise.all(
      Array.from({ length: requests }, (_, at) => client.get(`/photos/${original}/~w_${400 + at}.jpg`)),
    );
    const allowed = workers.reduce((sum, worker) => sum + worker.bufferBytes / 1e6 + perWorkerMb, 300);
    const peakRssMb = Math.round(peak() / 1e6);
    return {
      workload: `${requests} x ${original} at once`,
      peakRssMb,
      allowedMb: Math.round(allowed),
      ofAllowed: round(peakRssMb / allowed),
      errors: replies.filter((reply) => reply.status !== 200).length,
    };
  } finally {
    client.close();
    await server.stop();
  }
}

/** RSS of the tree as pictures of all kinds are made; after the first half it should not grow any more. */
async function flat(context: BenchContext): Promise<Row> {
  const server = await startServer([context.originals], {
    ...patient,
    PILEUS_WORKERS: String(context.cpus),
    PILEUS_RESULT_CACHE_BYTES: '0',
  });
  const client = new RawClient(server.port);
  const originals = ['six.jpg', 'six-progressive.jpg', 'six.png', 'six.webp', 'six.jpg', 'six.jpg'];
  const pictures = context.quick ? 400 : 4000;
  const rss: number[] = [];
  let errors = 0;
  try {
    for (let quarter = 0; quarter < 4; quarter++) {
      let at = (quarter * pictures) / 4;
      const end = ((quarter + 1) * pictures) / 4;
      await Promise.all(
        Array.from({ length: 4 * context.cpus }, async () => {
          while (at < end) {
            const mine = at++;
            const reply = await client.get(
              `/photos/${originals[mine % originals.length]}/~w_${100 + (mine % 700)},q_${50 + (Math.floor(mine / 700) % 40)}.${mine % 3 === 0 ? 'webp' : 'jpg'}`,
            );
            if (reply.status !== 200) errors++;
          }
        }),
      );
      rss.push(Math.round(readTree(server.pid).rssBytes / 1e6));
    }
  } finally {
    client.close();
    await server.stop();
  }
  return {
    workload: `RSS over ${pictures} pictures`,
    rssMbByQuarter: rss.join(' '),
    lastOfHalf: round((rss[3] ?? 0) / (rss[1] ?? 1)),
    errors,
  };
}

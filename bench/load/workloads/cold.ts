import { linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { closedLoop } from '../client.ts';
import { defaultOptions } from '../default-options.ts';
import { startLimit } from '../limit.ts';
import { startNaive } from '../naive.ts';
import { percentiles, round } from '../percentiles.ts';
import { readTree, watchPeakRss } from '../process-tree.ts';
import type { Reply } from '../raw-client.ts';
import { resolvedOf } from '../resolved-of.ts';
import { startServer } from '../server.ts';
import type { BenchContext, Row, Workload } from '../workload.ts';

/** A picture that nobody has asked for yet: fetched, decoded, resized, encoded. */
type Cold = Readonly<{ name: string; original: string; spec: string; extension: string }>;

const kinds: readonly Cold[] = [
  { name: 'JPEG 6 MP -> 512 jpg', original: 'six.jpg', spec: 'w_512', extension: 'jpg' },
  { name: 'JPEG 6 MP -> 512 webp', original: 'six.jpg', spec: 'w_512', extension: 'webp' },
  { name: 'JPEG 6 MP progressive -> 512 jpg', original: 'six-progressive.jpg', spec: 'w_512', extension: 'jpg' },
  { name: 'PNG 6 MP -> 512 jpg', original: 'six.png', spec: 'w_512', extension: 'jpg' },
  { name: 'WebP 6 MP -> 512 jpg', original: 'six.webp', spec: 'w_512', extension: 'jpg' },
  { name: 'AVIF 6 MP -> 512 jpg', original: 'six.avif', spec: 'w_512', extension: 'jpg' },
  { name: 'JPEG 24 MP -> 512 jpg', original: 'twentyfour.jpg', spec: 'w_512', extension: 'jpg' },
  {
    name: 'JPEG 24 MP progressive -> 512 jpg',
    original: 'twentyfour-progressive.jpg',
    spec: 'w_512',
    extension: 'jpg',
  },
];

export const cold: Workload = {
  name: 'cold',
  asks: 'Cold unique pictures: JPEG 6 MP -> 512 at least 0.92 of the limit, every other format at least 0.95.',
  run: async (context) => {
    const limit = await startLimit(context.cpus);
    const rows: Row[] = [];
    try {
      for (const kind of kinds) rows.push(await measure(kind, context, limit));
    } finally {
      limit.stop();
    }
    return rows;
  },
};

/**
 * Server, limit and naive server take turns, so that a machine that slows down or speeds up does it to all three. Rounds are
 * long, since pictures behind a pause cost more for a while (35 ms of CPU each in rounds of 3 s, 33 in rounds of 9 s). Every request names another file (hard links to one original), so nothing is known or cached.
 */
async function measure(kind: Cold, context: BenchContext, limit: Awaited<ReturnType<typeof startLimit>>): Promise<Row> {
  const rounds = context.quick ? 1 : 6;
  const roundMs = context.quick ? 1500 : 7000;
  const folder = path.join(context.originals, 'cold');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const links = context.quick ? 400 : 6000;
  const names = Array.from({ length: links }, (_, at) => `${at}${path.extname(kind.original)}`);
  for (const name of names) linkSync(path.join(context.originals, kind.original), path.join(folder, name));

  const source = readFileSync(path.join(context.originals, kind.original));
  const resolved = resolvedOf(source, `${kind.spec}.${kind.extension}`, defaultOptions());
  const server = await startServer([folder], {
    PILEUS_WORKERS: String(context.cpus),
    PILEUS_REQUEST_MS: '120000',
    PILEUS_QUEUE_WAIT_MS_MAX: '60000',
    PILEUS_CODEL_TARGET_MS: '60000',
  });
  const naive = await startNaive(folder, kind.extension === 'webp' ? 'webp' : 'jpeg');
  const peak = watchPeakRss(server.pid);
  const totals = { server: 0, limit: 0, naive: 0, cpuMs: 0, requests: 0 };
  const replies: Reply[] = [];
  let used = 0;
  const nextPath = (): string | null =>
    used < names.length ? `/photos/${names[used++]}/~${kind.spec}.${kind.extension}` : null;
  try {
    // A first round that does not count: code is compiled, prices are learned.
    await closedLoop(server.port, nextPath, 4 * context.cpus, context.quick ? 1000 : 15_000);
    for (let turn = 0; turn < rounds; turn++) {
      const before = readTree(server.pid).cpuMs;
      const { replies: some, perSecond } = await closedLoop(server.port, nextPath, 4 * context.cpus, roundMs);
      totals.cpuMs += readTree(server.pid).cpuMs - before;
      totals.server += perSecond;
      totals.requests += some.length;
      replies.push(...some);
      totals.limit += (
        await limit.measure({
          files: names.slice(0, 64).map((name) => path.join(folder, name)),
          resolved,
          durationMs: roundMs,
        })
      ).perSecond;
      let at = 0;
      const plain = await closedLoop(
        naive.port,
        () => `/${names[at++ % names.length]}/512`,
        4 * context.cpus,
        roundMs / 3,
      );
      totals.naive += plain.perSecond;
    }
  } finally {
    await server.stop();
    naive.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const good = replies.filter((reply) => reply.status === 200);
  const { p50Ms, p95Ms, p99Ms } = percentiles(good.map((reply) => reply.ms));
  return {
    workload: kind.name,
    rps: round(totals.server / rounds, 1),
    p50Ms,
    p95Ms,
    p99Ms,
    cpuMsPerRequest: round(totals.cpuMs / totals.requests),
    peakRssMb: Math.round(peak() / 1e6),
    bytesOut: Math.round(good.reduce((sum, reply) => sum + reply.bytes, 0) / Math.max(1, good.length)),
    errors: replies.length - good.length,
    ofLimit: round(totals.server / totals.limit, 3),
    naiveOfLimit: round(totals.naive / totals.limit, 3),
  };
}

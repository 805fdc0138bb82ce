import http from 'node:http';
import autocannon from 'autocannon';
import { startBareServer } from '../bare.ts';
import { lbPid } from '../node-stats.ts';
import { round } from '../percentiles.ts';
import { readCpuMs } from '../process-tree.ts';
import { RawClient, rawLoop } from '../raw-client.ts';
import { startServer } from '../server.ts';
import type { Row, Workload } from '../workload.ts';

export const hits: Workload = {
  name: 'hits',
  asks: "Hits of 38 kB from memory: at most 125 us of the lb's CPU each. 304s and hits of 2 kB: at least 8,000 rps by autocannon.",
  run: async (context) => {
    const server = await startServer([context.originals], { PILEUS_SOURCE_FRESH_MS: '86400000', PILEUS_WORKERS: '1' });
    const client = new RawClient(server.port);
    try {
      const pid = await lbPid(server.adminPort);
      const large = await pathOfSize(38_000, client);
      const small = (await pathOfSize(2000, client)).path;
      const rows: Row[] = [];

      const bare = await startBareServer(large.bytes);
      const rounds = context.quick ? 3 : 15;
      const ours: number[] = [];
      const floor: number[] = [];
      try {
        // The first rounds do not count: code is compiled.
        await cpuUsOf(server.port, pid, large.path);
        await cpuUsOf(bare.port, bare.pid, '/');
        for (let turn = 0; turn < rounds; turn++) {
          ours.push(await cpuUsOf(server.port, pid, large.path));
          floor.push(await cpuUsOf(bare.port, bare.pid, '/'));
        }
      } finally {
        bare.stop();
      }
      const hit = { bytesOut: large.bytes };
      const kB = round(large.bytes / 1000, 1);
      rows.push({ workload: `hit of ${kB} kB, raw sockets`, lbCpuUsPerRequest: median(ours), ...hit });
      rows.push({ workload: 'the same bytes from a bare node:http', lbCpuUsPerRequest: median(floor), ...hit });

      const { bytes } = await client.get(small);
      rows.push({
        ...(await cannon(server.port, small, {}, context.quick)),
        workload: `hit of ${round(bytes / 1000, 1)} kB, autocannon`,
      });
      const etag = await etagOf(server.port, large.path);
      rows.push({
        ...(await cannon(server.port, large.path, { 'if-none-match': etag }, context.quick)),
        workload: '304, autocannon',
      });
      return rows;
    } finally {
      client.close();
      await server.stop();
    }
  },
};

/** Microseconds of the process's own CPU for each of so many answers, a median of rounds: neighbours come and go. */
async function cpuUsOf(port: number, pid: number, path: string): Promise<number> {
  const before = readCpuMs(pid);
  const answered = await rawLoop(port, path, 8, 5000);
  return ((readCpuMs(pid) - before) * 1000) / answered;
}

const median = (values: readonly number[]): number =>
  round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0, 1);

/** A path whose result has about so many bytes: the width is searched by bisection. */
async function pathOfSize(wanted: number, client: RawClient): Promise<{ path: string; bytes: number }> {
  let low = 32;
  let high = 2000;
  let best = { path: '', bytes: 0 };
  while (low <= high) {
    const width = Math.round((low + high) / 2);
    const path = `/photos/six.jpg/~w_${width}.jpg`;
    const { bytes } = await client.get(path);
    if (Math.abs(bytes - wanted) < Math.abs(best.bytes - wanted)) best = { path, bytes };
    if (bytes < wanted) low = width + 1;
    else high = width - 1;
  }
  return best;
}

function etagOf(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path }, (res) => {
        res.resume();
        res.on('end', () => resolve(String(res.headers.etag)));
      })
      .on('error', reject);
  });
}

async function cannon(port: number, path: string, headers: Record<string, string>, quick: boolean): Promise<Row> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}${path}`,
    connections: 32,
    duration: quick ? 2 : 8,
    headers,
  });
  return {
    workload: '',
    rps: round(result.requests.average, 0),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts + result['4xx'] + result['5xx'],
  };
}

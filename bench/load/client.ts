import http from 'node:http';
import { systemClock } from '../../src/shared/clock.ts';
import { seededRng } from '../../src/shared/rng.ts';

export type Reply = Readonly<{ status: number; ms: number; bytes: number }>;

/** One GET; the reply's body is read and counted. A broken connection counts as status 0. */
export function get(
  agent: http.Agent,
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<Reply> {
  const startMs = systemClock.nowMs();
  return new Promise((resolve) => {
    const done = (status: number, bytes: number): void => resolve({ status, ms: systemClock.nowMs() - startMs, bytes });
    const req = http.get({ host: '127.0.0.1', port, path, agent, headers }, (res) => {
      let bytes = 0;
      res.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      res.on('end', () => done(res.statusCode ?? 0, bytes));
      res.on('error', () => done(0, bytes));
    });
    req.on('error', () => done(0, 0));
  });
}

/** Keeps `concurrency` requests outstanding until `durationMs` is over or paths end; gives all replies. */
export async function closedLoop(
  port: number,
  nextPath: () => string | null,
  concurrency: number,
  durationMs: number,
): Promise<{ replies: Reply[]; elapsedMs: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const replies: Reply[] = [];
  const startMs = systemClock.nowMs();
  const lane = async (): Promise<void> => {
    while (systemClock.nowMs() - startMs < durationMs) {
      const path = nextPath();
      if (path === null) return;
      replies.push(await get(agent, port, path));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  agent.destroy();
  return { replies, elapsedMs: systemClock.nowMs() - startMs };
}

/**
 * Sends at a fixed mean rate whatever the server does (Poisson arrivals, seeded): a slow answer does not slow the
 * arrivals down, as users do not wait for one another. At most `outstandingMax` are open at once.
 */
export async function openLoop(
  port: number,
  nextPath: () => string,
  perSecond: number,
  durationMs: number,
  outstandingMax = 4096,
): Promise<{ replies: Reply[]; sent: number; skipped: number; elapsedMs: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: outstandingMax });
  const rng = seededRng(11);
  const replies: Reply[] = [];
  const open = new Set<Promise<void>>();
  const startMs = systemClock.nowMs();
  let dueMs = startMs;
  let skipped = 0;
  let sent = 0;
  while (dueMs - startMs < durationMs) {
    dueMs += (-Math.log(1 - rng()) * 1000) / perSecond;
    const waitMs = dueMs - systemClock.nowMs();
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (open.size >= outstandingMax) {
      skipped++;
      continue;
    }
    sent++;
    const one = get(agent, port, nextPath()).then((reply) => {
      replies.push(reply);
      open.delete(one);
    });
    open.add(one);
  }
  const elapsedMs = systemClock.nowMs() - startMs;
  await Promise.all(open);
  agent.destroy();
  return { replies, sent, skipped, elapsedMs };
}

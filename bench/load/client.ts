import { systemClock } from '../../src/shared/clock.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { RawClient, type Reply } from './raw-client.ts';

/**
 * Keeps `concurrency` requests outstanding until `durationMs` is over or paths end; gives all replies. `perSecond` is the rate of
 * 200s while the server has its hands full: from the reply that ends the first `concurrency` of them to the last one that left
 * enough outstanding. Before and behind that some CPUs idle, and pictures that are half done at its end stand for those that
 * were half done at its beginning.
 */
export async function closedLoop(
  port: number,
  nextPath: () => string | null,
  concurrency: number,
  durationMs: number,
): Promise<{ replies: Reply[]; perSecond: number }> {
  const client = new RawClient(port);
  const replies: Reply[] = [];
  const startMs = systemClock.nowMs();
  let outstanding = 0;
  let fullMs = Number.NaN;
  let good = 0;
  let perSecond = 0;
  const lane = async (): Promise<void> => {
    while (systemClock.nowMs() - startMs < durationMs) {
      const path = nextPath();
      if (path === null) return;
      outstanding++;
      const reply = await client.get(path);
      outstanding--;
      replies.push(reply);
      if (reply.status !== 200) continue;
      good++;
      if (good === concurrency) fullMs = systemClock.nowMs();
      else if (good > concurrency && outstanding >= concurrency / 4)
        perSecond = ((good - concurrency) / (systemClock.nowMs() - fullMs)) * 1000;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  client.close();
  return { replies, perSecond };
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
  const client = new RawClient(port);
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
    const one = client.get(nextPath()).then((reply) => {
      replies.push(reply);
      open.delete(one);
    });
    open.add(one);
  }
  const elapsedMs = systemClock.nowMs() - startMs;
  await Promise.all(open);
  client.close();
  return { replies, sent, skipped, elapsedMs };
}

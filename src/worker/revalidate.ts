import type { RevalidateAnswer, RevalidateOrder } from '../ipc/order.ts';
import { PileusError } from '../shared/errors.ts';
import { deadlineSignal } from './deadline.ts';
import type { JobDeps } from './job-story.ts';
import { untilAborted } from './promises.ts';
import { BufferFull } from './source-fetch.ts';
import { statOptions } from './source-table.ts';

/**
 * Asks the origin whether a version still stands. Takes no CPU place. Where the origin names no version the source is
 * fetched into the buffer and hashed: if it changed, the next job finds it there.
 */
export async function revalidate(
  order: RevalidateOrder,
  asker: AbortSignal,
  { revisions, sources, clock }: Pick<JobDeps, 'revisions' | 'sources' | 'clock'>,
): Promise<RevalidateAnswer> {
  const { source, knownVersion } = order;
  const namespace = revisions.at(order.configRevision).namespaces.get(source.ns);
  if (!namespace) throw new PileusError('not_found');
  const { store, options, config } = namespace;
  const { signal, clear } = deadlineSignal(asker, order.deadlineNs, clock);
  try {
    signal.throwIfAborted();
    const askedAtMs = clock.nowMs();
    const { conditions } = order;
    if (conditions) {
      const ask = statOptions({ options, traceparent: null }, signal, null);
      const { same, version } = await store.stat(source.key, { ...ask, conditions });
      return { same, version: version ?? '' };
    }
    const stat = await store.stat(source.key, statOptions({ options, traceparent: null }, signal, knownVersion));
    if (stat.same || stat.version === knownVersion) {
      sources.confirm(source, knownVersion, askedAtMs);
      return { same: true, version: knownVersion, ...(stat.caching ? { caching: stat.caching } : {}) };
    }
    if (stat.version !== null) {
      sources.expire(source, knownVersion);
      return { same: false, version: stat.version };
    }
    const truncatedOk = config.truncated === 'ok';
    // Nothing held is fresh enough to answer whether it is still fresh.
    const anew = { ...options, sourceFreshMs: -1 };
    const lease = sources.take({
      source,
      store,
      options: anew,
      knownVersion,
      traceparent: null,
      truncatedOk,
      carried: null,
    });
    try {
      const { facts } = await untilAborted(lease.complete, signal);
      return { same: facts.version === knownVersion, version: facts.version };
    } catch (error) {
      throw error instanceof BufferFull ? new PileusError('overloaded', { retryAfterS: 1, cause: error }) : error;
    } finally {
      lease.release();
    }
  } finally {
    clear();
  }
}

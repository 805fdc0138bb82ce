import { msToNs } from '../shared/clock.ts';
import { PileusError } from '../shared/errors.ts';
import type { Front } from './front.ts';
import type { Revalidate } from './library.ts';
import { sourceIdOf } from './quarantine-view.ts';

/**
 * Revalidation costs a worker no CPU place: a stat, a HEAD. Equal questions in flight share one answer, and their
 * number is bounded.
 */
export function openRevalidator(front: Front): Revalidate {
  const inFlight = new Map<string, ReturnType<Revalidate>>();
  const countOf = new Map<string, number>();

  return (source, knownVersion, conditions) => {
    const place = sourceIdOf(source.ns, source.key);
    const id = conditions ? `${place}\0${conditions.ifNoneMatch}\0${conditions.ifModifiedSince}` : place;
    const asked = inFlight.get(id);
    if (asked) return asked;
    const count = countOf.get(source.ns) ?? 0;
    if (inFlight.size >= inFlightMax || count >= namespaceMax) {
      return Promise.reject(new PileusError('overloaded', { retryAfterS: 1 }));
    }
    const backend = front.dispatcher.anyBackend(place);
    if (!backend) return Promise.reject(new PileusError('no_worker', { retryAfterS: 1 }));
    const { options, revision } = front.config;
    const order = {
      requestId: front.nextRequestId(),
      source,
      knownVersion,
      ...(conditions ? { conditions } : {}),
      deadlineNs: msToNs(front.clock.nowMs() + options.fetchTotalMs),
      configRevision: revision,
    };
    const answer = backend.client
      .revalidate(order, AbortSignal.timeout(options.fetchTotalMs + graceMs))
      .catch((error: unknown) => {
        // A worker that dies or hangs under a mere stat says nothing about the source.
        throw error instanceof PileusError ? error : new PileusError('no_worker', { retryAfterS: 1, cause: error });
      })
      .finally(() => {
        inFlight.delete(id);
        countOf.set(source.ns, (countOf.get(source.ns) ?? 1) - 1);
      });
    inFlight.set(id, answer);
    countOf.set(source.ns, count + 1);
    return answer;
  };
}

const inFlightMax = 1024;
/** An origin that hangs leaves the rest to the others. */
const namespaceMax = 128;
/** The worker ends it by itself at the deadline; this is for one that does not answer at all. */
const graceMs = 500;

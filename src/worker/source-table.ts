import type { Options } from '../config/config.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { SourceRef } from '../plan/plan.ts';
import type { Clock } from '../shared/clock.ts';
import { asPileusError, PileusError } from '../shared/errors.ts';
import type { FetchDeadlines, OpenOriginal, OriginalStore, StatOptions } from '../store/originals/original-store.ts';
import type { BlobRange } from './blob-buffer.ts';
import { type Deferred, deferred } from './promises.ts';
import { BufferFull, type FetchDeps, fetchSource, type Probe } from './source-fetch.ts';

export type SourceOptions = Pick<
  Options,
  | 'sourceBytesMax'
  | 'sourceFreshMs'
  | 'fetchConnectMs'
  | 'fetchHeadersMs'
  | 'fetchIdleMs'
  | 'fetchTotalMs'
  | 'originRedirectsMax'
>;

export type SourceWant = Readonly<{
  source: SourceRef;
  store: OriginalStore;
  options: SourceOptions;
  /** What the asker knows; when it differs from what is held, the origin is asked however fresh that is. */
  knownVersion: string | null;
  traceparent: string | null;
  truncatedOk: boolean;
  /** The bytes came with the order: they are taken as if fetched. */
  carried: Readonly<{ facts: SourceFacts; checkedAtMs: number | null; original: OpenOriginal }> | null;
}>;

/** One asker's share in a source. `release` it, always. Both promises reject with a PileusError or BufferFull. */
export type SourceLease = Readonly<{
  probe: Promise<Probe>;
  complete: Promise<LeasedSource>;
  /** The whole source, if it is there by now. */
  landed: () => LeasedSource | null;
  /** The version as far as it is known, also of a source that is refused. */
  version: () => string | null;
  /** When the origin was last asked for that version: as its fetch began, or as it was asked whether it stands. */
  checkedAtMs: () => number | null;
  /** Another job had begun to fetch it. */
  joined: boolean;
  release: () => void;
}>;

/** A source in the buffer; its range stays pinned until the lease is released. */
export type LeasedSource = Readonly<{
  range: BlobRange;
  facts: SourceFacts;
  /** It was in the buffer already. */
  hit: boolean;
  /** When the origin was last asked for it, on the shared clock. */
  checkedAtMs: number;
}>;

type Held = Readonly<{
  range: BlobRange;
  facts: SourceFacts;
  checkedAtMs: number;
  /** The origin has another version by now. */
  expired?: boolean;
}>;

type Lease = { landed: LeasedSource | null; readonly complete: Deferred<LeasedSource> };

type Flight = {
  readonly id: string;
  readonly source: SourceRef;
  readonly leases: Set<Lease>;
  readonly probe: Deferred<Probe>;
  readonly controller: AbortController;
  /** What the one who began it knew. */
  readonly knownVersion: string | null;
  version: string | null;
  checkedAtMs: number | null;
  settled: boolean;
};

/**
 * The sources of this worker: those being fetched, shared by all jobs that want them, and those held in the buffer.
 *
 * What was checked with its origin within `sourceFreshMs` is used without I/O, what is older after asking whether it
 * changed. A fetch that nobody wants any more is aborted.
 */
export class SourceTable {
  readonly #deps: FetchDeps & { readonly clock: Clock };
  readonly #flights = new Map<string, Flight>();
  readonly #held = new Map<string, Held>();

  constructor(deps: FetchDeps & { readonly clock: Clock }) {
    this.#deps = deps;
    deps.buffer.onEvict = ({ ns, key, version }) => {
      const id = sourceId({ ns, key });
      if (this.#held.get(id)?.facts.version === version) this.#held.delete(id);
    };
  }

  /** Asks for a source: from the buffer, from a fetch under way, or by a new one. */
  take(want: SourceWant): SourceLease {
    const id = sourceId(want.source);
    const under = this.#flights.get(id);
    const flight = under && isFreshEnough(under, want) ? under : this.#start(id, want);
    const lease: Lease = { landed: null, complete: deferred() };
    flight.leases.add(lease);
    return {
      probe: flight.probe.promise,
      complete: lease.complete.promise,
      landed: () => lease.landed,
      version: () => flight.version,
      checkedAtMs: () => flight.checkedAtMs,
      joined: flight === under,
      release: () => this.#release(flight, lease),
    };
  }

  /** The origin, asked at that time, said that this version stands. */
  confirm(source: SourceRef, version: string, checkedAtMs: number): void {
    const held = this.#held.get(sourceId(source));
    if (held?.facts.version !== version) return;
    this.#keep(source, { ...held, checkedAtMs: Math.max(held.checkedAtMs, checkedAtMs), expired: false });
  }

  /** The origin said just now that this version is over: the next who wants the source fetches it. */
  expire(source: SourceRef, version: string): void {
    const id = sourceId(source);
    const held = this.#held.get(id);
    if (held?.facts.version === version) this.#held.set(id, { ...held, expired: true });
  }

  /** Fetches under way. */
  get fetching(): number {
    return this.#flights.size;
  }

  #start(id: string, want: SourceWant): Flight {
    const flight: Flight = {
      id,
      source: want.source,
      leases: new Set(),
      probe: deferred(),
      controller: new AbortController(),
      knownVersion: want.knownVersion,
      version: null,
      checkedAtMs: null,
      settled: false,
    };
    this.#flights.set(id, flight);
    const { signal } = flight.controller;
    signal.addEventListener('abort', () => this.#fail(flight, signal.reason), { once: true });
    const tooSlow = () => flight.controller.abort(new PileusError('origin_timeout'));
    const timer = setTimeout(tooSlow, want.options.fetchTotalMs);
    void this.#run(flight, want)
      .catch((error: unknown) => this.#fail(flight, error))
      .finally(() => clearTimeout(timer));
    return flight;
  }

  async #run(flight: Flight, want: SourceWant): Promise<void> {
    const confirmed = await this.#confirmHeld(flight, want, this.#deps.clock.nowMs());
    if (confirmed) {
      this.#land(flight, confirmed, true);
      return;
    }
    const fetched = want.carried && (await this.#takeCarried(flight, want, want.carried));
    this.#land(flight, fetched ?? (await this.#fetch(flight, want)), false);
  }

  /** What came with the order; null where its sender broke off: then it is asked of the origin like any other. */
  async #takeCarried(
    flight: Flight,
    want: SourceWant,
    carried: NonNullable<SourceWant['carried']>,
  ): Promise<Held | null> {
    const { original, checkedAtMs } = carried;
    try {
      return await this.#read(flight, want, () => Promise.resolve(original), checkedAtMs ?? this.#deps.clock.nowMs());
    } catch (error) {
      if (asPileusError(error).code !== 'origin_truncated' || flight.settled) throw error;
      return null;
    }
  }

  #fetch(flight: Flight, want: SourceWant): Promise<Held> {
    const { signal } = flight.controller;
    const request = { range: null, bytesMax: want.options.sourceBytesMax, ...statOptions(want, signal, null) };
    return this.#read(flight, want, () => want.store.open(want.source.key, request), this.#deps.clock.nowMs());
  }

  async #read(flight: Flight, want: SourceWant, open: () => Promise<OpenOriginal>, checkedAtMs: number): Promise<Held> {
    const fetched = await fetchSource(
      open,
      {
        source: want.source,
        bytesMax: want.options.sourceBytesMax,
        truncatedOk: want.truncatedOk,
        onVersion: (version) => {
          flight.version = version;
          flight.checkedAtMs = checkedAtMs;
        },
        onProbe: flight.probe.resolve,
      },
      this.#deps,
    );
    return { checkedAtMs, ...fetched };
  }

  /** What is held, pinned once, if it is fresh or its origin says that it still stands. */
  async #confirmHeld(flight: Flight, want: SourceWant, nowMs: number): Promise<Held | null> {
    const held = this.#held.get(flight.id);
    if (!held || held.range.state === 'free') return null;
    const { buffer } = this.#deps;
    const { version } = held.facts;
    if (want.carried?.facts.version === version) {
      buffer.pin(held.range);
      return { ...held, checkedAtMs: Math.max(held.checkedAtMs, want.carried.checkedAtMs ?? nowMs) };
    }
    if (!want.carried && !held.expired) {
      buffer.pin(held.range);
      const fresh = nowMs - held.checkedAtMs <= want.options.sourceFreshMs;
      if (fresh && (want.knownVersion === null || want.knownVersion === version)) return held;
      try {
        const stat = await want.store.stat(want.source.key, statOptions(want, flight.controller.signal, version));
        if (stat.same || stat.version === version) {
          const facts = stat.caching ? { ...held.facts, caching: stat.caching } : held.facts;
          return { ...held, facts, checkedAtMs: nowMs };
        }
      } catch (error) {
        buffer.unpin(held.range);
        if (asPileusError(error).code === 'source_not_found') this.#forget(flight.id, held);
        throw error;
      }
      buffer.unpin(held.range);
    }
    this.#forget(flight.id, held);
    return null;
  }

  /** The source is in the buffer, pinned once: everybody who still wants it gets a pin of their own. */
  #land(flight: Flight, held: Held, hit: boolean): void {
    const { buffer } = this.#deps;
    const { range, facts } = held;
    this.#keep(flight.source, held);
    this.#settle(flight);
    flight.version = facts.version;
    flight.checkedAtMs = held.checkedAtMs;
    flight.probe.resolve({ header: facts.header, final: true, facts });
    for (const lease of flight.leases) {
      buffer.pin(range);
      lease.landed = { range, facts, hit, checkedAtMs: held.checkedAtMs };
      lease.complete.resolve(lease.landed);
    }
    buffer.unpin(range);
  }

  #fail(flight: Flight, error: unknown): void {
    this.#settle(flight);
    const reason = error instanceof BufferFull ? error : asPileusError(error);
    flight.probe.reject(reason);
    for (const lease of flight.leases) lease.complete.reject(reason);
  }

  #settle(flight: Flight): void {
    flight.settled = true;
    if (this.#flights.get(flight.id) === flight) this.#flights.delete(flight.id);
  }

  #release(flight: Flight, lease: Lease): void {
    if (!flight.leases.delete(lease)) return;
    if (lease.landed) this.#deps.buffer.unpin(lease.landed.range);
    else if (!flight.settled && flight.leases.size === 0) flight.controller.abort(new PileusError('client_gone'));
  }

  /** Of two versions the one that its origin named last is kept, whichever came to its end first. */
  #keep(source: SourceRef, held: Held): void {
    const id = sourceId(source);
    const other = this.#held.get(id);
    if (other && other.range !== held.range) {
      const isNewer = other.facts.version !== held.facts.version && !other.expired;
      if (isNewer && other.checkedAtMs > held.checkedAtMs) {
        this.#deps.buffer.drop(held.range);
        return;
      }
      this.#deps.buffer.drop(other.range);
    }
    this.#held.set(id, held);
  }

  #forget(id: string, held: Held): void {
    if (this.#held.get(id) === held) this.#held.delete(id);
    this.#deps.buffer.drop(held.range);
  }
}

/** A fetch may have begun before the version that the asker knows: then it would bring what is already over. */
const isFreshEnough = (flight: Flight, { knownVersion }: SourceWant): boolean =>
  knownVersion === null || knownVersion === flight.version || knownVersion === flight.knownVersion;

const sourceId = ({ ns, key }: SourceRef): string => `${ns}\0${key}`;

/** How a store is to be asked on behalf of this order. */
export function statOptions(
  want: Pick<SourceWant, 'traceparent'> & { readonly options: SourceOptions },
  signal: AbortSignal,
  knownVersion: string | null,
): StatOptions {
  return {
    signal,
    deadlines: deadlinesOf(want.options),
    knownVersion,
    traceparent: want.traceparent,
    redirectsMax: want.options.originRedirectsMax,
  };
}

export const deadlinesOf = (options: SourceOptions): FetchDeadlines => ({
  connectMs: options.fetchConnectMs,
  headersMs: options.fetchHeadersMs,
  idleMs: options.fetchIdleMs,
  totalMs: options.fetchTotalMs,
});

import type { BlameSubject, QuarantineEntry, StruckSource } from '../../ipc/messages.ts';

/**
 * Whom the deaths of workers are blamed on.
 *
 * A death while a picture was in libvips is a strike against its source version and against the operation class
 * on it. Two on the class quarantine that class, since a bad operation must not ban a good picture; three on the
 * source, whatever was asked of it, quarantine the source. A quarantine that has run out allows a probe: the source
 * is still `struck`, so that it runs one job at a time, and one more strike quarantines it again for twice as long.
 * What stays quiet for as long as its last quarantine lasted is forgotten.
 */
export type BlameLimits = Readonly<{ quarantineMs: number; quarantineMax: number }>;

const classStrikesMax = 2;
const sourceStrikesMax = 3;
const quarantineMsCap = 86_400_000;
/** Classes of one source that are remembered; the source itself is quarantined long before. */
const classesMax = 32;

/** The count against a source version as a whole, or against one operation class on it. */
type Tally = { strikes: number; quarantines: number; untilMs: number; forgetAtMs: number };
type Source = {
  readonly ns: string;
  readonly key: string;
  readonly version: string;
  whole: Tally;
  classes: Map<string, Tally>;
};

export class Blame {
  #limits: BlameLimits;
  /** By recency of their last strike, oldest first: beyond `quarantineMax` the oldest are forgotten. */
  readonly #sources = new Map<string, Source>();
  #nextChangeMs = Number.POSITIVE_INFINITY;

  constructor(limits: BlameLimits) {
    this.#limits = limits;
  }

  /** New limits hold for strikes to come; running quarantines keep their end. */
  setLimits(limits: BlameLimits): void {
    this.#limits = limits;
  }

  /** A worker died with this in libvips. Gives the quarantines that it begins. */
  strike(subject: BlameSubject, nowMs: number): readonly QuarantineEntry[] {
    this.tick(nowMs);
    const { ns, key, version, operation } = subject;
    const id = idOf(subject);
    const source = this.#sources.get(id) ?? { ns, key, version, whole: newTally(), classes: new Map() };
    const ofClass = source.classes.get(operation) ?? newTally();
    putLast(this.#sources, id, source, this.#limits.quarantineMax);
    putLast(source.classes, operation, ofClass, classesMax);

    const begun: QuarantineEntry[] = [];
    // What was already on its way when its class was quarantined proves nothing more against the source.
    const isKnown = ofClass.untilMs > nowMs;
    if (this.#count(ofClass, classStrikesMax, nowMs)) begun.push(entryOf(source, operation, ofClass));
    if (!isKnown && this.#count(source.whole, sourceStrikesMax, nowMs)) begun.push(entryOf(source, null, source.whole));
    this.#reckon(nowMs);
    return begun;
  }

  /** What is quarantined now. */
  quarantined(nowMs: number): readonly QuarantineEntry[] {
    return [...this.#sources.values()].flatMap((source) => [
      ...(source.whole.untilMs > nowMs ? [entryOf(source, null, source.whole)] : []),
      ...[...source.classes]
        .filter(([, tally]) => tally.untilMs > nowMs)
        .map(([operation, tally]) => entryOf(source, operation, tally)),
    ]);
  }

  /** Sources with a strike: they run one job at a time. */
  struck(): readonly StruckSource[] {
    return [...this.#sources.values()].map(({ ns, key, version }) => ({ ns, key, version }));
  }

  /** Forgives a source in all its versions, or everything. Gives how many source versions that were. */
  release(source: Readonly<{ ns: string; key: string }> | null, nowMs: number): number {
    const before = this.#sources.size;
    for (const [id, { ns, key }] of this.#sources) {
      if (source === null || (ns === source.ns && key === source.key)) this.#sources.delete(id);
    }
    this.#reckon(nowMs);
    return before - this.#sources.size;
  }

  /** When the tables change by themselves (a quarantine ends, a strike is forgotten); Infinity: never. */
  get nextChangeMs(): number {
    return this.#nextChangeMs;
  }

  /** Lets time pass; true if the tables have changed by it. */
  tick(nowMs: number): boolean {
    if (nowMs < this.#nextChangeMs) return false;
    for (const [id, source] of this.#sources) {
      for (const [operation, tally] of source.classes) {
        if (tally.forgetAtMs <= nowMs) source.classes.delete(operation);
      }
      if (source.whole.forgetAtMs <= nowMs) {
        if (source.classes.size === 0) this.#sources.delete(id);
        source.whole = newTally();
      }
    }
    this.#reckon(nowMs);
    return true;
  }

  /** Counts one strike; true if it begins a quarantine. */
  #count(tally: Tally, strikesMax: number, nowMs: number): boolean {
    tally.strikes += 1;
    const ttlMs = Math.min(quarantineMsCap, this.#limits.quarantineMs * 2 ** tally.quarantines);
    // A job that was already running when the quarantine began does not lengthen it.
    const begins = tally.untilMs <= nowMs && (tally.quarantines > 0 || tally.strikes >= strikesMax);
    if (begins) {
      tally.quarantines += 1;
      tally.untilMs = nowMs + ttlMs;
    }
    tally.forgetAtMs = Math.max(tally.forgetAtMs, Math.max(tally.untilMs, nowMs) + ttlMs);
    return begins;
  }

  #reckon(nowMs: number): void {
    this.#nextChangeMs = Number.POSITIVE_INFINITY;
    for (const { whole, classes } of this.#sources.values()) {
      for (const { untilMs, forgetAtMs } of [whole, ...classes.values()]) {
        if (untilMs > nowMs) this.#nextChangeMs = Math.min(this.#nextChangeMs, untilMs);
        else if (forgetAtMs > nowMs) this.#nextChangeMs = Math.min(this.#nextChangeMs, forgetAtMs);
      }
    }
  }
}

const newTally = (): Tally => ({ strikes: 0, quarantines: 0, untilMs: 0, forgetAtMs: 0 });
const idOf = ({ ns, key, version }: BlameSubject): string => JSON.stringify([ns, key, version]);

/** Sets a key at the end of a map and drops from its beginning what is too many. */
function putLast<Value>(map: Map<string, Value>, key: string, value: Value, entriesMax: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= entriesMax) return;
    map.delete(oldest);
  }
}

const entryOf = (source: Source, operation: string | null, tally: Tally): QuarantineEntry => ({
  scope: operation === null ? 'source' : 'operation',
  ns: source.ns,
  key: source.key,
  version: source.version,
  operation,
  untilMs: tally.untilMs,
  strikes: tally.strikes,
});

import { LRUCache } from 'lru-cache';
import type { OriginCaching, SourceFacts } from '../../plan/header.ts';
import type { SourceRef } from '../../plan/plan.ts';

/** What is known of a source. */
export type KnownSource = Readonly<{
  version: string;
  /** null where only the version is known: the origin has said that it is another one now. */
  facts: SourceFacts | null;
  /** When the origin last said so, on the monotonic clock; null after a restart: then it has to be asked once. */
  checkedAtMs: number | null;
}>;

/** May this be believed without asking the origin? */
export const isFresh = (known: KnownSource, freshMs: number, nowMs: number): boolean =>
  known.checkedAtMs !== null && nowMs - known.checkedAtMs < freshMs;

export type FactsListener = (source: SourceRef, known: KnownSource) => void;

/**
 * Source -> version and header, bounded, least recently used first out. An answer that was checked earlier never replaces one of
 * another version that was checked later, so a slow job cannot bring an old version back.
 */
export class FactsTable {
  readonly #entries: LRUCache<string, KnownSource>;
  readonly #onChange: FactsListener;

  /** `onChange` hears of every change that should outlive the process; a mere confirmation is none. */
  constructor(entriesMax: number, onChange: FactsListener = () => {}) {
    this.#entries = new LRUCache({ max: entriesMax });
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(source: SourceRef): KnownSource | null {
    return this.#entries.get(sourceId(source)) ?? null;
  }

  /** A worker has read the source. */
  learn(source: SourceRef, facts: SourceFacts, checkedAtMs: number): void {
    const known = this.#entries.peek(sourceId(source));
    const isSame = known?.version === facts.version;
    if (known && !isSame && isCheckedLater(known, checkedAtMs)) return;
    const next: KnownSource = {
      version: facts.version,
      facts,
      checkedAtMs: isSame ? later(known.checkedAtMs, checkedAtMs) : checkedAtMs,
    };
    this.#entries.set(sourceId(source), next);
    if (!isSame || known.facts === null) this.#onChange(source, next);
  }

  /**
   * The origin was asked for the version alone, and may have said anew how long it may be kept. Another version than before leaves
   * nothing else known.
   */
  confirm(source: SourceRef, version: string, checkedAtMs: number, caching?: OriginCaching): void {
    const known = this.#entries.peek(sourceId(source));
    if (known?.version === version) {
      const facts = known.facts && caching ? { ...known.facts, caching } : known.facts;
      this.#entries.set(sourceId(source), { version, facts, checkedAtMs: later(known.checkedAtMs, checkedAtMs) });
    } else if (!known || !isCheckedLater(known, checkedAtMs)) {
      this.#entries.set(sourceId(source), { version, facts: null, checkedAtMs });
    }
  }

  /** Puts back what was known before a restart, unless something newer is. */
  restore(source: SourceRef, facts: SourceFacts): void {
    this.#entries.set(sourceId(source), { version: facts.version, facts, checkedAtMs: null });
  }

  forget(source: SourceRef): boolean {
    return this.#entries.delete(sourceId(source));
  }

  /** Forgets a whole namespace; gives how many went. */
  forgetNamespace(ns: string): number {
    const ids = this.ids().filter((id) => sourceOf(id).ns === ns);
    for (const id of ids) this.#entries.delete(id);
    return ids.length;
  }

  /** Least recently used first; with `peek`, for writing the table down without holding up everything else. */
  ids(): readonly string[] {
    return [...this.#entries.rkeys()];
  }

  peek(id: string): Readonly<{ source: SourceRef; known: KnownSource }> | null {
    const known = this.#entries.peek(id);
    return known ? { source: sourceOf(id), known } : null;
  }
}

/** Neither part can hold a line break: namespaces are names, and keys with NUL are refused. */
export const sourceId = ({ ns, key }: SourceRef): string => `${ns}\0${key}`;

const sourceOf = (id: string): SourceRef => {
  const end = id.indexOf('\0');
  return { ns: id.slice(0, end), key: id.slice(end + 1) };
};

const isCheckedLater = (known: KnownSource, checkedAtMs: number): boolean =>
  known.checkedAtMs !== null && known.checkedAtMs > checkedAtMs;

const later = (one: number | null, other: number): number => Math.max(one ?? Number.NEGATIVE_INFINITY, other);

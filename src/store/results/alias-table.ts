import { LRUCache } from 'lru-cache';
import type { SourceRef } from '../../plan/plan.ts';

/** Where a request key led for one version of its source. */
export type Alias = Readonly<{
  ns: string;
  key: string;
  version: string;
  derivation: string;
  /** Presets in the URLs it came from, for purging by preset. */
  presets: readonly string[];
}>;

export type AliasListener = (requestKey: string, alias: Alias) => void;

/**
 * Request key -> derivation, bounded, least recently used first out. An alias holds only for the version of its
 * source that it was made with; what asks for it has to say which version that is now.
 */
export class AliasTable {
  readonly #entries: LRUCache<string, Alias>;
  /** Request keys by namespace and key: purging a source must not walk the whole table. */
  readonly #bySource = new Map<string, Map<string, string | Set<string>>>();
  readonly #onChange: AliasListener;

  constructor(entriesMax: number, onChange: AliasListener = () => {}) {
    this.#entries = new LRUCache({
      max: entriesMax,
      dispose: (alias, requestKey) => this.#unindex(alias, requestKey),
    });
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(requestKey: string, version: string): Alias | null {
    const alias = this.#entries.get(requestKey);
    return alias?.version === version ? alias : null;
  }

  /**
   * URLs with and without a preset's name share a request key, so a known alias may learn further presets; those that it
   * has stay, whatever the version.
   */
  learn(requestKey: string, alias: Alias): void {
    const known = this.#entries.peek(requestKey);
    const presets = joined(known?.presets ?? [], alias.presets);
    const isKnown = known?.version === alias.version && known.derivation === alias.derivation;
    if (isKnown && presets === known.presets) return;
    const next = presets === alias.presets ? alias : { ...alias, presets };
    this.#set(requestKey, next);
    this.#onChange(requestKey, next);
  }

  /** Puts back what was known before a restart, in several journals perhaps. */
  restore(requestKey: string, alias: Alias): void {
    this.#set(requestKey, { ...alias, presets: joined(this.#entries.peek(requestKey)?.presets ?? [], alias.presets) });
  }

  /** Each gives what it has forgotten. */
  forgetSource(source: SourceRef): readonly Alias[] {
    return this.#forget(keysIn(this.#bySource.get(source.ns)?.get(source.key)));
  }

  forgetNamespace(ns: string): readonly Alias[] {
    return this.#forget([...(this.#bySource.get(ns)?.values() ?? [])].flatMap(keysIn));
  }

  forgetPreset(preset: string): readonly Alias[] {
    return this.#forget(this.requestKeys().filter((key) => this.#entries.peek(key)?.presets.includes(preset)));
  }

  /** Least recently used first; with `peek`, for writing the table down without holding up everything else. */
  requestKeys(): readonly string[] {
    return [...this.#entries.rkeys()];
  }

  peek(requestKey: string): Alias | null {
    return this.#entries.peek(requestKey) ?? null;
  }

  #forget(requestKeys: readonly string[]): readonly Alias[] {
    const forgotten: Alias[] = [];
    for (const requestKey of requestKeys) {
      const alias = this.#entries.peek(requestKey);
      if (!alias) continue;
      this.#entries.delete(requestKey);
      forgotten.push(alias);
    }
    return forgotten;
  }

  /** What it replaces, or pushes out, is taken out of the index by the cache's `dispose`. */
  #set(requestKey: string, alias: Alias): void {
    this.#entries.set(requestKey, alias);
    let sources = this.#bySource.get(alias.ns);
    if (!sources) {
      sources = new Map();
      this.#bySource.set(alias.ns, sources);
    }
    const keys = sources.get(alias.key);
    if (keys === undefined || keys === requestKey) sources.set(alias.key, requestKey);
    else if (typeof keys === 'string') sources.set(alias.key, new Set([keys, requestKey]));
    else keys.add(requestKey);
  }

  #unindex({ ns, key }: Alias, requestKey: string): void {
    const sources = this.#bySource.get(ns);
    const keys = sources?.get(key);
    if (keys instanceof Set) keys.delete(requestKey);
    if (keys === requestKey || (keys instanceof Set && keys.size === 0)) sources?.delete(key);
    if (sources?.size === 0) this.#bySource.delete(ns);
  }
}

/** Most sources have one alias, and a Set of one is large. */
const keysIn = (keys: string | Set<string> | undefined): readonly string[] =>
  keys === undefined ? [] : typeof keys === 'string' ? [keys] : [...keys];

/** The names of both; `known` itself where nothing is new. */
function joined(known: readonly string[], more: readonly string[]): readonly string[] {
  const added = more.filter((name) => !known.includes(name));
  if (added.length === 0) return known;
  return known.length === 0 ? more : [...known, ...added];
}

import { LRUCache } from 'lru-cache';
import type { SourceRef } from '../../plan/plan.ts';

/** Where a request key led for one version of its source. */
export type Alias = Readonly<{
  ns: string;
  key: string;
  version: string;
  derivation: string;
  /** Presets in the URL it came from, for purging by preset. */
  presets: readonly string[];
}>;

export type AliasListener = (requestKey: string, alias: Alias) => void;

/**
 * Request key -> derivation, bounded, least recently used first out. An alias holds only for the version of its
 * source that it was made with; what asks for it has to say which version that is now.
 */
export class AliasTable {
  readonly #entries: LRUCache<string, Alias>;
  readonly #onChange: AliasListener;

  constructor(entriesMax: number, onChange: AliasListener = () => {}) {
    this.#entries = new LRUCache({ max: entriesMax });
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(requestKey: string, version: string): Alias | null {
    const alias = this.#entries.get(requestKey);
    return alias?.version === version ? alias : null;
  }

  learn(requestKey: string, alias: Alias): void {
    const known = this.#entries.peek(requestKey);
    const isKnown = known?.version === alias.version && known.derivation === alias.derivation;
    if (isKnown) return;
    this.#entries.set(requestKey, alias);
    this.#onChange(requestKey, alias);
  }

  /** Puts back what was known before a restart. */
  restore(requestKey: string, alias: Alias): void {
    this.#entries.set(requestKey, alias);
  }

  /** Each gives what it has forgotten. */
  forgetSource(source: SourceRef): readonly Alias[] {
    return this.#forget(({ ns, key }) => ns === source.ns && key === source.key);
  }

  forgetNamespace(ns: string): readonly Alias[] {
    return this.#forget((alias) => alias.ns === ns);
  }

  forgetPreset(preset: string): readonly Alias[] {
    return this.#forget(({ presets }) => presets.includes(preset));
  }

  /** Least recently used first; with `peek`, for writing the table down without holding up everything else. */
  requestKeys(): readonly string[] {
    return [...this.#entries.rkeys()];
  }

  peek(requestKey: string): Alias | null {
    return this.#entries.peek(requestKey) ?? null;
  }

  #forget(isMeant: (alias: Alias) => boolean): readonly Alias[] {
    const forgotten: Alias[] = [];
    for (const requestKey of this.requestKeys()) {
      const alias = this.#entries.peek(requestKey);
      if (!alias || !isMeant(alias)) continue;
      this.#entries.delete(requestKey);
      forgotten.push(alias);
    }
    return forgotten;
  }
}

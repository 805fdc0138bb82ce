import { type Config, type NamespaceConfig, type Options, type OriginConfig, optionsFor } from '../config/config.ts';
import type { OriginalStore } from '../store/originals/original-store.ts';
import type { AssetBytes } from './engine.ts';

/** A namespace as one revision has it. */
export type Namespace = Readonly<{ config: NamespaceConfig; options: Options; store: OriginalStore }>;

/** A whole configuration, ready for use. */
export type Revision = Readonly<{
  config: Config;
  namespaces: ReadonlyMap<string, Namespace>;
  assets: AssetBytes;
}>;

export type RevisionDeps = Readonly<{
  openStore: (origin: OriginConfig) => OriginalStore;
  /** Throws when an asset is not what the configuration says it is. */
  loadAssets: (config: Config) => Promise<AssetBytes>;
}>;

/** Orders may still carry the revision before the newest one. */
const revisionsKept = 2;

/**
 * The configurations a worker knows: the newest, the one before, and at most one that is prepared and not yet in
 * force. Origins that did not change keep their store, with its pooled connections.
 */
export class ConfigRevisions {
  readonly #deps: RevisionDeps;
  readonly #stores = new Map<string, OriginalStore>();
  #kept: readonly Revision[] = [];
  #prepared: Revision | null = null;

  constructor(deps: RevisionDeps) {
    this.#deps = deps;
  }

  /** Makes a configuration ready without using it. A later one replaces it. Throws what is wrong with it. */
  async prepare(config: Config): Promise<void> {
    const assets = await this.#deps.loadAssets(config);
    const namespaces = new Map<string, Namespace>();
    for (const [name, namespace] of Object.entries(config.namespaces)) {
      const store = this.#storeOf(namespace.origin);
      namespaces.set(name, { config: namespace, options: optionsFor(config, namespace), store });
    }
    this.#prepared = { config, namespaces, assets };
  }

  /** Puts the prepared configuration in force. False when another one, or none, is prepared. */
  commit(revision: number): boolean {
    if (this.#prepared?.config.revision !== revision) return false;
    this.#kept = [this.#prepared, ...this.#kept].slice(0, revisionsKept);
    this.#prepared = null;
    this.#closeUnused();
    return true;
  }

  abort(revision: number): void {
    if (this.#prepared?.config.revision !== revision) return;
    this.#prepared = null;
    this.#closeUnused();
  }

  /** The revision an order was made with, or the newest where it is not known here (any more). */
  at(revision: number): Revision {
    return this.#kept.find(({ config }) => config.revision === revision) ?? this.newest;
  }

  get newest(): Revision {
    const [newest] = this.#kept;
    if (!newest) throw new Error('no configuration is in force yet');
    return newest;
  }

  /** Ends pooled connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#stores.values()].map((store) => store.close()));
    this.#stores.clear();
  }

  #storeOf(origin: OriginConfig): OriginalStore {
    const id = JSON.stringify(origin);
    const store = this.#stores.get(id) ?? this.#deps.openStore(origin);
    this.#stores.set(id, store);
    return store;
  }

  #closeUnused(): void {
    const revisions = this.#prepared ? [...this.#kept, this.#prepared] : this.#kept;
    const used = new Set(revisions.flatMap(({ namespaces }) => [...namespaces.values()].map(({ store }) => store)));
    for (const [id, store] of this.#stores) {
      if (used.has(store)) continue;
      this.#stores.delete(id);
      store.close().catch(() => {});
    }
  }
}

import path from 'node:path';
import { type Config, optionsFor } from '../config/config.ts';
import type { PurgeScope } from '../ipc/messages.ts';
import type { JobReport } from '../ipc/order.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { SourceRef } from '../plan/plan.ts';
import type { Clock } from '../shared/clock.ts';
import { errorEntry, isPileusError, PileusError, toWire, type WireError } from '../shared/errors.ts';
import { isFresh, type KnownSource } from '../store/results/facts-table.ts';
import { FileResultStore } from '../store/results/file-result-store.ts';
import { MemoryResultCache } from '../store/results/memory-result-cache.ts';
import { noResultStore } from '../store/results/no-result-store.ts';
import { SourceTables } from '../store/results/persisted-tables.ts';
import type { ResultRef, ResultStore, StoredResult } from '../store/results/result-store.ts';
import type { Ask } from './ask.ts';
import type { JobOutcome } from './job.ts';

/** Asks the origin, through a worker, whether a source is still the version that is known. */
export type Revalidate = (
  source: SourceRef,
  knownVersion: string,
) => Promise<Readonly<{ same: boolean; version: string }>>;

/**
 * All that this lb knows and keeps: facts of sources, where request keys lead, remembered failures, and results in
 * memory and in the store. The tables answer at once; only `result` and `revalidate` do I/O.
 */
export class Library {
  readonly #tables: SourceTables;
  readonly #memory: MemoryResultCache;
  readonly #store: ResultStore;
  readonly #clock: Clock;
  readonly #revalidate: Revalidate;

  /** Opens the tables and the store under `dataDir`; without one, results live in memory only. */
  static async open(config: Config, slot: number, clock: Clock, revalidate: Revalidate): Promise<Library> {
    const { dataDir, factsMax, aliasesMax, resultCacheBytes, resultStoreBytes, resultWritesMax } = config.options;
    const keeps = dataDir !== '' && resultStoreBytes > 0;
    const folder = path.join(dataDir, 'results');
    const store = keeps
      ? new FileResultStore({ folder, bytesMax: resultStoreBytes, writesMax: resultWritesMax, writeBytesMax, clock })
      : noResultStore;
    // One journal a slot: lbs do not share their tables, and two must not write one file.
    const file = keeps ? path.join(dataDir, `tables-lb${slot}.ndjson`) : null;
    const tables = await SourceTables.open({ file, factsMax, aliasesMax, clock });
    return new Library(tables, new MemoryResultCache(resultCacheBytes), store, clock, revalidate);
  }

  constructor(
    tables: SourceTables,
    memory: MemoryResultCache,
    store: ResultStore,
    clock: Clock,
    revalidate: Revalidate,
  ) {
    this.#tables = tables;
    this.#memory = memory;
    this.#store = store;
    this.#clock = clock;
    this.#revalidate = revalidate;
  }

  known(source: SourceRef): KnownSource | null {
    return this.#tables.facts.get(source);
  }

  isFresh(known: KnownSource, { config, namespace }: Pick<Ask, 'config' | 'namespace'>, nowMs: number): boolean {
    return isFresh(known, optionsFor(config, namespace).sourceFreshMs, nowMs);
  }

  /** Has a worker decoded this version (or, without one, whatever version is known) to its end? */
  isProven(source: SourceRef, version: string | null): boolean {
    const known = this.#tables.facts.get(source);
    return known !== null && known.proven && (version === null || known.version === version);
  }

  /** The error of a source that was missing a moment ago, or null. */
  missing(
    source: SourceRef,
    { config, namespace }: Pick<Ask, 'config' | 'namespace'>,
    nowMs: number,
  ): PileusError | null {
    const freshMs = optionsFor(config, namespace).missingFreshMs;
    return this.#tables.missing.has(source, freshMs, nowMs) ? new PileusError('source_not_found') : null;
  }

  failure(ask: Pick<Ask, 'source' | 'requestKey' | 'config'>, version: string, nowMs: number): WireError | null {
    const { failureFreshMs } = ask.config.options;
    return this.#tables.failures.find(ask.source, version, ask.requestKey, failureFreshMs, nowMs);
  }

  alias(requestKey: string, version: string): string | null {
    return this.#tables.aliases.get(requestKey, version)?.derivation ?? null;
  }

  noteAlias(ask: Pick<Ask, 'source' | 'requestKey' | 'presets'>, version: string, derivation: string): void {
    this.#tables.aliases.learn(ask.requestKey, {
      ns: ask.source.ns,
      key: ask.source.key,
      version,
      derivation,
      presets: ask.presets,
    });
  }

  /** A finished result: from memory, else from the store (and then into memory). */
  async result(ref: ResultRef): Promise<Readonly<{ from: 'memory' | 'store'; result: StoredResult }> | null> {
    const inMemory = this.#memory.get(ref.derivation);
    if (inMemory) return { from: 'memory', result: inMemory };
    if (this.#store === noResultStore) return null;
    const stored = await this.#store.get(ref);
    if (stored === null) return null;
    this.#memory.put(ref, stored);
    return { from: 'store', result: stored };
  }

  /** Asks the origin whether the known version still is the version. Throws what the origin says, source_not_found included. */
  async revalidate(source: SourceRef, knownVersion: string): Promise<void> {
    const askedAtMs = this.#clock.nowMs();
    try {
      const answer = await this.#revalidate(source, knownVersion);
      this.#tables.facts.confirm(source, answer.version, askedAtMs);
    } catch (error) {
      if (isPileusError(error) && error.code === 'source_not_found') this.noteMissing(source);
      throw error;
    }
  }

  noteMissing(source: SourceRef): void {
    this.#tables.facts.forget(source);
    this.#tables.missing.learn(source, this.#clock.nowMs());
  }

  /** A worker has a source of which nothing is known, and may die of it: then this is all that is ever heard. */
  noteFetched(source: SourceRef, facts: SourceFacts, nowMs: number): void {
    if (this.#tables.facts.get(source) === null) this.#tables.facts.learn(source, facts, nowMs);
  }

  /** What a worker's answer says of the source, whether the job went well or not. */
  noteReport(source: SourceRef, report: JobReport, nowMs: number): void {
    if (report.version === null) return;
    this.#tables.missing.forget(source);
    const known = this.#tables.facts.get(source);
    // From the worker's buffer it was not checked just now, so it is not fresher than it was.
    const isNews = !report.sourceHit || known?.version !== report.version;
    if (report.facts && (isNews || known?.facts === null)) this.#tables.facts.learn(source, report.facts, nowMs);
    else if (isNews) this.#tables.facts.confirm(source, report.version, nowMs);
    // Facts are told without decoding anything.
    const hasDecoded = report.joined || report.phases.processMs > 0;
    if (report.result && hasDecoded) this.#tables.facts.prove(source, report.version);
  }

  /** Keeps the result of a job, or remembers why there is none. */
  keep(ask: Ask, outcome: JobOutcome, nowMs: number): void {
    const version = outcome.report?.version ?? null;
    if (!outcome.ok) {
      if (outcome.error.code === 'source_not_found') this.noteMissing(ask.source);
      else if (version !== null && errorEntry(outcome.error.code).caching === 'by-version') {
        this.#tables.failures.learn(ask.source, version, ask.requestKey, toWire(outcome.error), nowMs);
      }
      return;
    }
    const { result, facts } = outcome.report;
    if (result === null || version === null || ask.plan.view === 'explain') return;
    this.noteAlias(ask, version, result.derivation);
    const ref = { ns: ask.source.ns, key: ask.source.key, derivation: result.derivation };
    const { derivation: _key, ...about } = result;
    const stored: StoredResult = {
      bytes: outcome.bytes,
      meta: { ...about, version, modifiedMs: facts?.modifiedMs ?? null },
    };
    this.#memory.put(ref, stored);
    this.#store.put(ref, stored);
  }

  /** Forgets results on request; gives how many went. */
  async purge(scope: PurgeScope): Promise<number> {
    const forgotten = this.#tables.purge(scope);
    if (scope.by === 'preset') return forgotten.filter((alias) => this.#memory.delete(alias.derivation)).length;
    const place = { ns: scope.ns, key: scope.by === 'source' ? scope.key : null };
    const inMemory = this.#memory.purge(place);
    return Math.max(inMemory, await this.#store.purge(place));
  }

  /** A new configuration: what was too large may no longer be. */
  reconsider(): void {
    this.#tables.failures.clear();
  }

  stats(): Readonly<{
    memoryBytes: number;
    memoryEntries: number;
    storeBytes: number;
    storeEntries: number;
    facts: number;
    aliases: number;
  }> {
    const { bytes, entries } = this.#store.stats();
    return {
      memoryBytes: this.#memory.bytes,
      memoryEntries: this.#memory.entries,
      storeBytes: bytes,
      storeEntries: entries,
      facts: this.#tables.facts.size,
      aliases: this.#tables.aliases.size,
    };
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#tables.close();
  }
}

/** Bytes that may wait to be written; beyond them a result is not kept. */
const writeBytesMax = 256 * 1024 * 1024;

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { type Config, optionsFor } from '../config/config.ts';
import type { PurgeScope } from '../ipc/messages.ts';
import type { JobReport, OriginConditions, RevalidateAnswer } from '../ipc/order.ts';
import type { SourceFacts } from '../plan/header.ts';
import { type KnownMark, marksOf, versionWith } from '../plan/marks.ts';
import type { Plan, SourceRef } from '../plan/plan.ts';
import type { Clock } from '../shared/clock.ts';
import { errorEntry, isPileusError, PileusError, toWire, type WireError } from '../shared/errors.ts';
import { isFresh, type KnownSource } from '../store/results/facts-table.ts';
import { FileResultStore } from '../store/results/file-result-store.ts';
import { MemoryResultCache } from '../store/results/memory-result-cache.ts';
import { noResultStore } from '../store/results/no-result-store.ts';
import { SourceTables } from '../store/results/persisted-tables.ts';
import type { ResultRef, ResultStore, ResultStoreCounters, StoredResult } from '../store/results/result-store.ts';
import type { Ask } from './ask.ts';
import type { Job, JobOutcome } from './job.ts';

/** Asks the origin, through a worker, whether a source is still the version that is known. */
export type Revalidate = (
  source: SourceRef,
  knownVersion: string,
  conditions?: OriginConditions,
) => Promise<RevalidateAnswer>;

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
  /** Version and class of operations that went well; what went well once does not kill the next worker. */
  readonly #proven = new LRUCache<string, true>({ max: provenMax });
  /** Counts purges: what was begun before one is not kept after it. */
  #purges = 0;

  /** Opens the tables and the store under `dataDir`; without one, results live in memory only. */
  static async open(config: Config, slot: number, clock: Clock, revalidate: Revalidate): Promise<Library> {
    const { dataDir, lbs, factsMax, aliasesMax, resultCacheBytes, resultStoreBytes, resultWritesMax } = config.options;
    const keeps = dataDir !== '' && resultStoreBytes > 0;
    const folder = path.join(dataDir, 'results');
    const store = keeps
      ? new FileResultStore({
          folder,
          bytesMax: resultStoreBytes / lbs,
          writesMax: resultWritesMax,
          writeBytesMax,
          clock,
        })
      : noResultStore;
    // One journal a slot, since two lbs must not write one file; all are read, since a rolling restart changes slots.
    const file = keeps ? path.join(dataDir, `tables-lb${slot}.ndjson`) : null;
    const alsoRead = keeps ? await otherJournals(dataDir, slot) : [];
    const tables = await SourceTables.open({ file, alsoRead, factsMax, aliasesMax, clock });
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

  /** The other originals that a plan draws, as far as they are known. */
  knownMarks(plan: Plan): readonly KnownMark[] {
    return marksOf(plan).flatMap((source) => {
      const facts = this.known(source)?.facts;
      return facts ? [{ source, facts }] : [];
    });
  }

  isFresh(known: KnownSource, { config, namespace }: Pick<Ask, 'config' | 'namespace'>, nowMs: number): boolean {
    return isFresh(known, optionsFor(config, namespace).sourceFreshMs, nowMs);
  }

  /** Has a worker carried out this class of operations on this version (or whatever version is known) to its end? */
  isProven(source: SourceRef, version: string | null, operation: string): boolean {
    const known = version ?? this.#tables.facts.get(source)?.version;
    return known !== undefined && this.#proven.has(provenId(source, known, operation));
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

  failure(
    ask: Pick<Ask, 'source' | 'requestKey' | 'operation' | 'config'>,
    version: string,
    nowMs: number,
  ): WireError | null {
    const { failureFreshMs } = ask.config.options;
    return this.#tables.failures.find(ask.source, version, ask, failureFreshMs, nowMs);
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
    const purges = this.#purges;
    const stored = await this.#store.get(ref);
    if (stored === null || purges !== this.#purges) return null;
    this.#memory.put(ref, stored);
    return { from: 'store', result: stored };
  }

  /** Asks the origin whether the known version still is the version. Throws what the origin says, source_not_found included. */
  async revalidate(source: SourceRef, knownVersion: string): Promise<void> {
    const askedAtMs = this.#clock.nowMs();
    try {
      const answer = await this.#revalidate(source, knownVersion);
      this.#tables.facts.confirm(source, answer.version, askedAtMs, answer.caching);
    } catch (error) {
      if (isPileusError(error) && error.code === 'source_not_found') this.noteMissing(source);
      throw error;
    }
  }

  /** Does the origin say that whoever has these validators has what it has? Throws what the origin says. */
  async holds(source: SourceRef, conditions: OriginConditions): Promise<boolean> {
    return (await this.#revalidate(source, '', conditions)).same;
  }

  noteMissing(source: SourceRef): void {
    this.#tables.facts.forget(source);
    this.#tables.missing.learn(source, this.#clock.nowMs());
  }

  /** A worker has a source and may die of it: then this is all that is ever heard. */
  noteFetched(source: SourceRef, facts: SourceFacts, checkedAtMs: number | null): void {
    if (checkedAtMs !== null) this.#tables.facts.learn(source, facts, checkedAtMs);
    else if (this.#tables.facts.get(source) === null) this.#tables.facts.learn(source, facts, this.#clock.nowMs());
  }

  /** What a worker's answer says of the source, whether the job went well or not. */
  noteReport({ source, operation }: Pick<Job, 'source' | 'operation'>, report: JobReport, nowMs: number): void {
    for (const mark of report.marks ?? []) {
      this.#tables.missing.forget(mark.source);
      this.#tables.facts.learn(mark.source, mark.facts, mark.checkedAtMs);
    }
    if (report.version === null) return;
    this.#tables.missing.forget(source);
    // As of the time when the origin was asked for it, not of the answer: meanwhile somebody may have seen a newer one.
    const checkedAtMs = report.checkedAtMs ?? nowMs;
    if (report.facts) this.#tables.facts.learn(source, report.facts, checkedAtMs);
    else this.#tables.facts.confirm(source, report.version, checkedAtMs);
    // Facts are told without decoding anything.
    const hasDecoded = report.joined || report.phases.processMs > 0;
    if (report.result && hasDecoded) this.#proven.set(provenId(source, report.version, operation), true);
  }

  /** What `keep` has to be given back, so that nothing begun before a purge is kept after it. */
  get purges(): number {
    return this.#purges;
  }

  /** A finished result that has come into memory since it was looked for; no I/O. */
  inMemory(
    ask: Pick<Ask, 'requestKey'>,
    version: string,
  ): Readonly<{ derivation: string; result: StoredResult }> | null {
    const derivation = this.alias(ask.requestKey, version);
    const result = derivation === null ? null : this.#memory.get(derivation);
    return derivation === null || result === null ? null : { derivation, result };
  }

  /** Keeps the result of a job, or remembers why there is none. `purgesBefore` is `purges` as the job began. */
  keep(ask: Ask, outcome: JobOutcome, purgesBefore: number, nowMs: number): void {
    if (purgesBefore !== this.#purges) return;
    const version = outcome.report?.version ?? null;
    if (!outcome.ok) {
      if (outcome.error.code === 'source_not_found') this.noteMissing(ask.source);
      else if (version !== null && errorEntry(outcome.error.code).caching === 'by-version') {
        this.#tables.failures.learn(ask.source, madeOf(version, outcome.report), ask, toWire(outcome.error), nowMs);
      }
      return;
    }
    const { result, facts } = outcome.report;
    if (result === null || version === null || ask.plan.view === 'explain') return;
    this.noteAlias(ask, madeOf(version, outcome.report), result.derivation);
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
    this.#purges++;
    const forgotten = this.#tables.purge(scope);
    if (scope.by === 'preset') {
      const removed = await Promise.all(forgotten.map((alias) => this.#remove(alias)));
      return removed.filter((was) => was).length;
    }
    const place = { ns: scope.ns, key: scope.by === 'source' ? scope.key : null };
    const inMemory = this.#memory.purge(place);
    return Math.max(inMemory, await this.#store.purge(place));
  }

  async #remove({ ns, key, derivation }: ResultRef): Promise<boolean> {
    const wasInMemory = this.#memory.delete(derivation);
    return (await this.#store.remove({ ns, key, derivation })) || wasInMemory;
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

  /** Of the result store, and of the journal beside it, since the start. */
  counters(): Readonly<{ store: ResultStoreCounters; journalErrors: number }> {
    return { store: this.#store.counters(), journalErrors: this.#tables.counters()?.writeErrors ?? 0 };
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#tables.close();
  }
}

/** The version of all that this picture is made of. */
const madeOf = (version: string, report: JobReport | null): string => versionWith(version, report?.marks ?? []);

/** Bytes that may wait to be written; beyond them a result is not kept. */
const writeBytesMax = 256 * 1024 * 1024;

const provenMax = 100_000;

const provenId = ({ ns, key }: SourceRef, version: string, operation: string): string =>
  `${ns}\0${key}\0${version}\0${operation}`;

/** The journals of other slots in the folder. */
async function otherJournals(dataDir: string, slot: number): Promise<readonly string[]> {
  const names = await readdir(dataDir).catch(() => []);
  return names
    .filter((name) => /^tables-lb\d+\.ndjson$/.test(name) && name !== `tables-lb${slot}.ndjson`)
    .map((name) => path.join(dataDir, name));
}

import { LRUCache } from 'lru-cache';
import type { SourceRef } from '../../plan/plan.ts';
import { type ErrorCode, errorEntry, type WireError } from '../../shared/errors.ts';
import { sourceId } from './facts-table.ts';

type Failure = Readonly<{ error: WireError; atMs: number }>;

/** These say something of the source itself, whatever is asked of it. */
const ofTheSource: ReadonlySet<ErrorCode> = new Set(['source_too_large', 'not_an_image', 'unsupported_format']);

/**
 * Failures that will come again as long as the source's version is the same: 413, 415, 422. What may pass on another
 * attempt is never remembered. `operation` is whatever the failure holds for: a request key, or a class of plans. Bounded;
 * never written down.
 */
export class FailureTable {
  readonly #entries: LRUCache<string, Failure>;

  constructor(entriesMax: number) {
    this.#entries = new LRUCache({ max: entriesMax });
  }

  get size(): number {
    return this.#entries.size;
  }

  learn(source: SourceRef, version: string, operation: string, error: WireError, nowMs: number): void {
    if (errorEntry(error.code).caching !== 'by-version') return;
    const scope = ofTheSource.has(error.code) ? '' : operation;
    this.#entries.set(failureId(source, version, scope), { error, atMs: nowMs });
  }

  /** What this is known to end in, or null. */
  find(source: SourceRef, version: string, operation: string, freshMs: number, nowMs: number): WireError | null {
    return (
      this.#fresh(failureId(source, version, ''), freshMs, nowMs) ??
      this.#fresh(failureId(source, version, operation), freshMs, nowMs)
    );
  }

  forget(source: SourceRef): void {
    this.#forget(`${sourceId(source)}\0`);
  }

  forgetNamespace(ns: string): void {
    this.#forget(`${ns}\0`);
  }

  /** For a changed configuration: what was too large may no longer be. */
  clear(): void {
    this.#entries.clear();
  }

  #fresh(id: string, freshMs: number, nowMs: number): WireError | null {
    const failure = this.#entries.get(id);
    if (!failure) return null;
    if (nowMs - failure.atMs < freshMs) return failure.error;
    this.#entries.delete(id);
    return null;
  }

  #forget(prefix: string): void {
    for (const id of [...this.#entries.keys()]) if (id.startsWith(prefix)) this.#entries.delete(id);
  }
}

const failureId = (source: SourceRef, version: string, scope: string): string =>
  `${sourceId(source)}\0${version}\0${scope}`;

import { LRUCache } from 'lru-cache';
import type { SourceRef } from '../../plan/plan.ts';
import { type ErrorCode, errorEntry, type WireError } from '../../shared/errors.ts';
import { sourceId } from './facts-table.ts';

type Failure = Readonly<{ error: WireError; atMs: number }>;

/** These say something of the source itself, whatever is asked of it. */
const ofTheSource: ReadonlySet<ErrorCode> = new Set(['source_too_large', 'not_an_image', 'unsupported_format']);

/** These say something of every plan of its class: one that cannot be decoded for one size cannot be for another. */
const ofTheClass: ReadonlySet<ErrorCode> = new Set(['undecodable']);

/** What a failure may hold for, if it does not hold for the whole source. */
export type Asked = Readonly<{ requestKey: string; operation: string }>;

/**
 * Failures that will come again as long as the source's version is the same: 413, 415, 422. What may pass on another
 * attempt is never remembered. Bounded; never written down.
 */
export class FailureTable {
  readonly #entries: LRUCache<string, Failure>;

  constructor(entriesMax: number) {
    this.#entries = new LRUCache({ max: entriesMax });
  }

  get size(): number {
    return this.#entries.size;
  }

  learn(source: SourceRef, version: string, asked: Asked, error: WireError, nowMs: number): void {
    if (errorEntry(error.code).caching !== 'by-version') return;
    this.#entries.set(failureId(source, version, scopeOf(error.code, asked)), { error, atMs: nowMs });
  }

  /** What this is known to end in, or null. */
  find(source: SourceRef, version: string, asked: Asked, freshMs: number, nowMs: number): WireError | null {
    for (const scope of ['', classScope(asked), asked.requestKey]) {
      const error = this.#fresh(failureId(source, version, scope), freshMs, nowMs);
      if (error) return error;
    }
    return null;
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

function scopeOf(code: ErrorCode, asked: Asked): string {
  if (ofTheSource.has(code)) return '';
  return ofTheClass.has(code) ? classScope(asked) : asked.requestKey;
}

/** Request keys are hashes: none begins like this. */
const classScope = ({ operation }: Asked): string => `class ${operation}`;

const failureId = (source: SourceRef, version: string, scope: string): string =>
  `${sourceId(source)}\0${version}\0${scope}`;

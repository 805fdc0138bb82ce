import { LRUCache } from 'lru-cache';
import type { SourceRef } from '../../plan/plan.ts';
import { sourceId } from './facts-table.ts';

/** Sources that were not there when they were last asked for, and when that was. Bounded; never written down. */
export class MissingTable {
  readonly #seenAtMs: LRUCache<string, number>;

  constructor(entriesMax: number) {
    this.#seenAtMs = new LRUCache({ max: entriesMax });
  }

  get size(): number {
    return this.#seenAtMs.size;
  }

  learn(source: SourceRef, nowMs: number): void {
    this.#seenAtMs.set(sourceId(source), nowMs);
  }

  /** Is it believed to be missing? Only for `freshMs`: it may be uploaded at any time. */
  has(source: SourceRef, freshMs: number, nowMs: number): boolean {
    const seenAtMs = this.#seenAtMs.get(sourceId(source));
    if (seenAtMs === undefined) return false;
    if (nowMs - seenAtMs < freshMs) return true;
    this.#seenAtMs.delete(sourceId(source));
    return false;
  }

  forget(source: SourceRef): boolean {
    return this.#seenAtMs.delete(sourceId(source));
  }

  forgetNamespace(ns: string): void {
    for (const id of [...this.#seenAtMs.keys()]) if (id.startsWith(`${ns}\0`)) this.#seenAtMs.delete(id);
  }
}

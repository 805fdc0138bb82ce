import type { LbMetrics, ResponseOrigin } from './metrics.ts';

/**
 * Counts requests by status and origin. It is a hit's most frequent count, and prom-client's own makes a text of the
 * labels for each; so it is kept here and carried over when metrics are gathered.
 */
export class RequestTally {
  readonly #counts = new Map<ResponseOrigin, Map<number, number>>();
  #bodyBytes = 0;

  add(status: number, from: ResponseOrigin, bodyBytes: number): void {
    const statuses = this.#counts.get(from) ?? new Map<number, number>();
    if (statuses.size === 0) this.#counts.set(from, statuses);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.#bodyBytes += bodyBytes;
  }

  carryOver({ requests, responseBytes }: Pick<LbMetrics, 'requests' | 'responseBytes'>): void {
    for (const [from, statuses] of this.#counts) {
      for (const [status, count] of statuses) requests.inc({ status, from }, count);
    }
    responseBytes.inc(this.#bodyBytes);
    this.#counts.clear();
    this.#bodyBytes = 0;
  }
}

import { UnderWay } from './under-way.ts';

/** The lb sends for an offered source at once, or never. */
const offerMsMax = 2000;

/** The bytes of a source, pinned until `release`. */
export type Offer = Readonly<{ bytes: Uint8Array; release: () => void }>;

type Kept = Offer & { readonly timer: NodeJS.Timeout };

/** Sources of jobs that were given back over a link, kept until the lb has fetched them for the next worker. */
export class Offers {
  readonly #kept = new Map<string, Kept>();
  readonly #open = new UnderWay();

  put(jobId: string, offer: Offer): void {
    this.letGo(jobId);
    const timer = setTimeout(() => this.letGo(jobId), offerMsMax);
    this.#kept.set(jobId, { ...offer, timer });
    this.#open.begin();
  }

  /** The offer, now its taker's to release; null when there is none any more. */
  take(jobId: string): Offer | null {
    const kept = this.#kept.get(jobId);
    if (!kept) return null;
    clearTimeout(kept.timer);
    this.#kept.delete(jobId);
    this.#open.end();
    return kept;
  }

  letGo(jobId: string): void {
    this.take(jobId)?.release();
  }

  /** Resolves when all have been taken or let go. */
  whenNone(): Promise<void> {
    return this.#open.whenNone();
  }
}

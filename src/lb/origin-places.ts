/**
 * Fetches under way by namespace, so that an origin that hangs does not hold every fetch place of the node: with
 * several remote namespaces each may hold three quarters of them (a bulkhead, after Nygard's "Release It!").
 */
export class OriginPlaces {
  readonly #placesMax: number;
  readonly #fetching = new Map<string, number>();

  /** `places`: all fetch places for remote sources; `origins`: how many namespaces share them. */
  constructor(places: number, origins: number) {
    this.#placesMax = Math.max(1, origins > 1 ? Math.floor(places * shareMax) : places);
  }

  /** One more fetch of this namespace is under way. */
  add(ns: string): void {
    this.#fetching.set(ns, (this.#fetching.get(ns) ?? 0) + 1);
  }

  /** Has the namespace no place left? Then its jobs wait for their origin, not for a worker. */
  isFull(ns: string): boolean {
    return (this.#fetching.get(ns) ?? 0) >= this.#placesMax;
  }

  /** All namespaces without a place left. */
  full(): readonly string[] {
    return [...this.#fetching.keys()].filter((ns) => this.isFull(ns));
  }
}

const shareMax = 0.75;

/**
 * Controlled delay: sheds what waited too long once the queue has a standing delay, not for a burst.
 *
 * If the *least* wait within an interval stayed above the target, the queue never emptied: we are overloaded, and
 * while that holds every job that waited more than twice the target is shed as it comes off the queue. The rest
 * is served fresh, so goodput holds. After Nichols and Jacobson, "Controlling Queue Delay" (2012), in the form of
 * folly's Codel, which asks once per dequeue instead of dropping at a rising rate.
 */
export class Codel {
  #leastWaitMs = Number.POSITIVE_INFINITY;
  #intervalEndMs = 0;
  #overloaded = false;

  /** Says whether the job that leaves the queue now, after `waitMs`, is to be shed. */
  shouldShed(waitMs: number, targetMs: number, nowMs: number): boolean {
    if (nowMs >= this.#intervalEndMs) {
      this.#overloaded = this.#leastWaitMs !== Number.POSITIVE_INFINITY && this.#leastWaitMs > targetMs;
      this.#leastWaitMs = waitMs;
      this.#intervalEndMs = nowMs + intervalTargets * targetMs;
    } else {
      this.#leastWaitMs = Math.min(this.#leastWaitMs, waitMs);
    }
    return this.#overloaded && waitMs > 2 * targetMs;
  }

  get overloaded(): boolean {
    return this.#overloaded;
  }
}

/** An interval is this many targets long (folly's ratio): long enough that the burst of one page drains within it. */
const intervalTargets = 20;

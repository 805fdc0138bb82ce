/**
 * Time, passed in. Decisions get `nowMs` as a number; only edges hold a Clock.
 *
 * `nowMs` is the machine's monotonic clock (CLOCK_MONOTONIC), so values from two processes on one machine
 * can be compared: deadlines cross process borders as absolute points on it.
 */
export type Clock = Readonly<{
  /** Monotonic milliseconds with fractions, comparable between processes of one machine. */
  nowMs: () => number;
  /** Wall clock in milliseconds since 1970, for expiry of URLs, HTTP dates and logs; never for deadlines. */
  wallMs: () => number;
}>;

export const systemClock: Clock = {
  nowMs: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  wallMs: () => Date.now(),
};

/** Milliseconds on the shared clock as the nanoseconds that orders carry, and back. */
export const msToNs = (ms: number): number => Math.round(ms * 1e6);
export const nsToMs = (ns: number): number => ns / 1e6;

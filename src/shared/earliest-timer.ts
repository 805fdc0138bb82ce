import type { Clock } from './clock.ts';

/** Timers may fire a moment early. */
const slackMs = 2;

/** Calls back once at the earliest of the times that were asked for since it last did; keeps no process alive. */
export class EarliestTimer {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #onTime: () => void;
  #timer: NodeJS.Timeout | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(clock: Pick<Clock, 'nowMs'>, onTime: () => void) {
    this.#clock = clock;
    this.#onTime = onTime;
  }

  /** Not earlier than in `ms`, and hardly later. */
  wakeIn(ms: number): void {
    const atMs = this.#clock.nowMs() + ms + slackMs;
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#onTime();
    }, ms + slackMs);
    this.#timer.unref();
  }
}

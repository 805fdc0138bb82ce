import type { Clock } from '../shared/clock.ts';
import { clamp } from '../shared/units.ts';

/** What the operating system says of this process. */
export type ProcessReadings = Readonly<{ cpuMs: () => number; rssBytes: () => number }>;

const ownReadings: ProcessReadings = {
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  rssBytes: () => process.memoryUsage.rss(),
};

const rssEveryMs = 50;

/**
 * The CPU share of this process, and how much of it its own pictures explain. Measured as CPU time over wall time,
 * since event-loop utilisation does not see libvips. A share that pictures do not explain means that something else
 * burns here.
 */
export class LoadMeter {
  readonly #clock: Clock;
  readonly #readings: ProcessReadings;
  #sampledAtMs: number;
  #sampledCpuMs: number;
  #busyMs = 0;
  #busySinceMs: number | null = null;
  #share = { cpuShare: 0, cpuShareExplained: 0 };
  #rssBeforePicture: number | null = null;
  #rss = { bytes: 0, readAtMs: Number.NEGATIVE_INFINITY };

  constructor(clock: Clock, readings: ProcessReadings = ownReadings) {
    this.#clock = clock;
    this.#readings = readings;
    this.#sampledAtMs = clock.nowMs();
    this.#sampledCpuMs = readings.cpuMs();
  }

  pictureBegan(): void {
    this.#rssBeforePicture = this.rssBytes;
    this.#busySinceMs = this.#clock.nowMs();
  }

  pictureEnded(): void {
    this.#countBusy();
    this.#busySinceMs = null;
    this.#rssBeforePicture = null;
  }

  /** Ends a window of measuring and begins the next. */
  sample(): void {
    this.#countBusy();
    const nowMs = this.#clock.nowMs();
    const cpuMs = this.#readings.cpuMs();
    const wallMs = nowMs - this.#sampledAtMs;
    if (wallMs <= 0) return;
    const cpuShare = clamp((cpuMs - this.#sampledCpuMs) / wallMs, 0, Number.MAX_SAFE_INTEGER);
    this.#share = { cpuShare, cpuShareExplained: Math.min(cpuShare, this.#busyMs / wallMs) };
    this.#sampledAtMs = nowMs;
    this.#sampledCpuMs = cpuMs;
    this.#busyMs = 0;
  }

  /** Shares in the last whole window. */
  get share(): Readonly<{ cpuShare: number; cpuShareExplained: number }> {
    return this.#share;
  }

  /** Asked several times a job, and read from the system every 50 ms at most. */
  get rssBytes(): number {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#rss.readAtMs >= rssEveryMs) this.#rss = { bytes: this.#readings.rssBytes(), readAtMs: nowMs };
    return this.#rss.bytes;
  }

  /** Memory without the picture that runs now: what the next one has to fit beside. */
  get rssBesidesPicture(): number {
    return this.#rssBeforePicture ?? this.rssBytes;
  }

  #countBusy(): void {
    if (this.#busySinceMs === null) return;
    const nowMs = this.#clock.nowMs();
    this.#busyMs += nowMs - this.#busySinceMs;
    this.#busySinceMs = nowMs;
  }
}

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobRecord } from './blame/job-ring.ts';
import type { Slot } from './slot.ts';

/** One child at one second. */
export type ChildSample = Readonly<{
  role: string;
  slot: number;
  generation: number;
  state: string;
  rssBytes: number;
  cpuShare: number;
  inFlight: number;
  queue: number;
}>;

export type Sample = Readonly<{ wallMs: number; children: readonly ChildSample[] }>;

export type FlightRecord = Readonly<{
  /** The obituary, or that somebody asked for it. */
  cause: string;
  writtenAt: string;
  details: unknown;
  /** Monotonic clock at the time of writing: the times of `jobs` are on it. */
  nowMs: number;
  samples: readonly Sample[];
  jobs: readonly JobRecord[];
}>;

const samplesMax = 60;
/** Dumps that may be under way at once: a herd of deaths must not become a herd of writes. */
const writesMax = 4;

/**
 * What everybody did in the last minute, kept in memory and written to a bounded folder when a worker dies or
 * somebody asks. Failing to write is counted and otherwise ignored: recording never hurts serving.
 */
export class FlightRecorder {
  readonly #folder: string;
  readonly #samples: Sample[] = [];
  #filesMax: number;
  #writing = 0;
  #count = 0;

  constructor(folder: string, filesMax: number) {
    this.#folder = folder;
    this.#filesMax = filesMax;
  }

  setFilesMax(filesMax: number): void {
    this.#filesMax = filesMax;
  }

  sample(slots: readonly Slot[], wallMs: number): void {
    this.#samples.push({ wallMs, children: slots.flatMap(sampleOf) });
    if (this.#samples.length > samplesMax) this.#samples.shift();
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Writes a record and removes the oldest ones over the limit; the file's name, or null where none was written. */
  async dump(record: Omit<FlightRecord, 'samples' | 'writtenAt'>, wallMs: number): Promise<string | null> {
    if (this.#filesMax === 0 || this.#writing >= writesMax) return null;
    this.#writing += 1;
    try {
      const writtenAt = new Date(wallMs).toISOString();
      this.#count += 1;
      const name = `flight-${writtenAt.replaceAll(':', '')}-${process.pid}-${String(this.#count).padStart(6, '0')}.json`;
      const whole: FlightRecord = { ...record, writtenAt, samples: this.#samples };
      await mkdir(this.#folder, { recursive: true });
      const unfinished = join(this.#folder, `.${name}`);
      await writeFile(unfinished, JSON.stringify(whole));
      await rename(unfinished, join(this.#folder, name));
      await this.#prune();
      return name;
    } finally {
      this.#writing -= 1;
    }
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => /^\.?flight-.*\.json$/.test(name));
    const records = names.filter((name) => !name.startsWith('.')).sort();
    const tooMany = records.slice(0, Math.max(0, records.length - this.#filesMax));
    for (const name of tooMany) await rm(join(this.#folder, name), { force: true });
  }
}

function sampleOf(slot: Slot): readonly ChildSample[] {
  if (slot.state === 'waiting') return [];
  const beat = slot.state === 'starting' ? null : slot.beat;
  const name = { role: slot.role, slot: slot.slot, generation: slot.child.generation, state: slot.state };
  if (beat?.role === 'lb') {
    const { rssBytes, cpuShare, requestsInFlight, queue } = beat;
    return [{ ...name, rssBytes, cpuShare, inFlight: requestsInFlight, queue: queue.jobs }];
  }
  if (beat?.role === 'worker') {
    const { rssBytes, cpuShare, fetching, ready, running } = beat.load;
    return [{ ...name, rssBytes, cpuShare, inFlight: running, queue: fetching + ready }];
  }
  return [{ ...name, rssBytes: 0, cpuShare: 0, inFlight: 0, queue: 0 }];
}

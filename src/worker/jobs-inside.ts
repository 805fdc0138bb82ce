import type { WorkerLoad } from '../ipc/order.ts';
import type { BlobBuffer } from './blob-buffer.ts';
import type { LoadMeter } from './load-meter.ts';

/** A job between its order and its answer. `joined` waits for another job's picture and costs nothing. */
export type JobInside = { phase: 'fetching' | 'ready' | 'running' | 'joined'; costPixels: number };

/** What goes on in this worker, for its load reports, its heartbeat and its drain. */
export class JobsInside {
  readonly #buffer: BlobBuffer;
  readonly #meter: LoadMeter;
  readonly #inside = new Set<JobInside>();
  #isRunning = false;
  #done = 0;

  constructor(buffer: BlobBuffer, meter: LoadMeter) {
    this.#buffer = buffer;
    this.#meter = meter;
  }

  /** A job came in; `leave` when it is answered. */
  enter(): { job: JobInside; leave: () => void } {
    const job: JobInside = { phase: 'fetching', costPixels: 0 };
    this.#inside.add(job);
    return { job, leave: () => this.#inside.delete(job) };
  }

  pictureBegan(): void {
    this.#isRunning = true;
    this.#meter.pictureBegan();
  }

  pictureEnded(): void {
    this.#isRunning = false;
    this.#done += 1;
    this.#meter.pictureEnded();
  }

  get count(): number {
    return this.#inside.size;
  }

  /** Pictures run to their end, well or not. */
  get done(): number {
    return this.#done;
  }

  load(): WorkerLoad {
    const { bytes, usedBytes, pinnedBytes } = this.#buffer.usage;
    const phases = { fetching: 0, ready: 0, running: 0, joined: 0 };
    let pixelsInFlight = 0;
    for (const job of this.#inside) {
      phases[job.phase] += 1;
      if (job.phase !== 'joined') pixelsInFlight += job.costPixels;
    }
    const { cpuShare, cpuShareExplained } = this.#meter.share;
    return {
      cpuShare,
      cpuShareExplained,
      rssBytes: this.#meter.rssBytes,
      bufferBytesUsed: usedBytes,
      bufferBytesPinned: pinnedBytes,
      bufferBytes: bytes,
      fetching: phases.fetching,
      ready: phases.ready,
      // A picture that nobody waits for any more still runs.
      running: this.#isRunning ? 1 : 0,
      pixelsInFlight,
    };
  }
}

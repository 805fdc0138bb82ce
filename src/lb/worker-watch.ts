import type { Clock } from '../shared/clock.ts';

/**
 * How long there has been no worker to give work to. When all have just died a job waits for the next one as long as
 * that may take to start; when none has come by then, nobody can say when one will.
 */
export class WorkerWatch {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #isWorkerless: () => boolean;
  readonly #patienceMs: () => number;
  readonly #onPatienceOver: () => void;
  #lastOpenMs: number;
  #patience: NodeJS.Timeout | undefined;

  constructor(
    clock: Pick<Clock, 'nowMs'>,
    ports: Readonly<{
      isWorkerless: () => boolean;
      patienceMs: () => number;
      /** There has been no worker for so long that those who wait have to be told. */
      onPatienceOver: () => void;
    }>,
  ) {
    this.#clock = clock;
    this.#isWorkerless = ports.isWorkerless;
    this.#patienceMs = ports.patienceMs;
    this.#onPatienceOver = ports.onPatienceOver;
    this.#lastOpenMs = clock.nowMs();
    this.changed();
  }

  /** Is there no worker, and has there been none for longer than one may take to start? */
  isHopeless(): boolean {
    return !this.#look() && this.#clock.nowMs() - this.#lastOpenMs >= this.#patienceMs();
  }

  /** A worker may have come or gone: to be called before (while it is still counted) and after. */
  changed(): void {
    clearTimeout(this.#patience);
    if (this.#look()) return;
    this.#patience = setTimeout(() => {
      if (!this.#look()) this.#onPatienceOver();
    }, this.#patienceMs());
    this.#patience.unref();
  }

  /** Is there a worker? Then this is the last time at which there was one. */
  #look(): boolean {
    if (this.#isWorkerless()) return false;
    this.#lastOpenMs = this.#clock.nowMs();
    return true;
  }
}

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
  readonly #waiting: ((came: boolean) => void)[] = [];

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
    if (this.#look()) {
      this.#tell(true);
      return;
    }
    this.#patience = setTimeout(() => {
      if (this.#look()) return;
      this.#tell(false);
      this.#onPatienceOver();
    }, this.#patienceMs());
    this.#patience.unref();
  }

  /** Resolves with true when there is a worker, with false when waiting for one has become hopeless. */
  async whenOpen(): Promise<boolean> {
    if (this.#look()) return true;
    if (this.isHopeless()) return false;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(came: boolean): void {
    for (const tell of this.#waiting.splice(0)) tell(came);
  }

  /** Is there a worker? Then this is the last time at which there was one. */
  #look(): boolean {
    if (this.#isWorkerless()) return false;
    this.#lastOpenMs = this.#clock.nowMs();
    return true;
  }
}

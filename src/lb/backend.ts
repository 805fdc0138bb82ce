import type { BackendEntry } from '../ipc/messages.ts';
import type { WorkerEvent, WorkerLoad } from '../ipc/order.ts';
import { costPixelsPerMs } from '../plan/cost/coefficients.ts';
import { Correction } from '../plan/cost/correction.ts';
import type { Price, Ticket } from './job.ts';
import type { BackendView } from './placement.ts';
import type { WorkerClient } from './worker-client.ts';

/**
 * One worker from the lb's side: its upstream, the tickets it holds, its pace, and the last thing it said of itself.
 * A new generation in the same slot is a new Backend.
 */
export class Backend {
  entry: BackendEntry;
  readonly client: WorkerClient;
  readonly tickets = new Map<string, Ticket>();
  /** How much longer pictures take here than they do in the mean of all workers. */
  readonly #slowness = new Correction();
  /** The socket broke; nothing is sent there until the master has spoken. */
  broken = false;
  /** The job that it is being emptied for, or that it runs alone. */
  exclusiveFor: string | null = null;
  #load: WorkerLoad | null = null;

  constructor(entry: BackendEntry, client: WorkerClient) {
    this.entry = entry;
    this.client = client;
  }

  get slot(): number {
    return this.entry.slot;
  }

  noteLoad(load: WorkerLoad): void {
    this.#load = load;
  }

  /** A picture of a known price took so long here. The price has learned from all workers, so what is left is this one's. */
  notePicture(price: Price, actualMs: number, nowMs: number): void {
    if (price.known) this.#slowness.learn(actualMs / price.ms, nowMs);
  }

  /** The worker's own pace: wall milliseconds per cost pixel. */
  get msPerCostPixel(): number {
    return this.#slowness.factor / costPixelsPerMs;
  }

  noteEvent(event: Exclude<WorkerEvent, { type: 'load' }>): Ticket | undefined {
    const ticket = this.tickets.get(event.jobId);
    if (ticket) ticket.inside = event.type === 'started' ? 'running' : 'ready';
    return ticket;
  }

  costPixelsInFlight(): number {
    let sum = 0;
    for (const ticket of this.tickets.values()) sum += ticket.job.price.costPixels;
    return sum;
  }

  /** Predicted milliseconds of the light jobs here, but for those that `isHeld` by their origin. */
  inFlightMs(isHeld: (job: Ticket['job']) => boolean = () => false): number {
    let sum = 0;
    for (const { job, inside } of this.tickets.values()) {
      if (!job.price.heavy && !(inside === 'fetching' && isHeld(job))) sum += job.price.ms;
    }
    return sum;
  }

  view(): BackendView {
    let fetchingFile = 0;
    let fetchingRemote = 0;
    let readyJobs = 0;
    let heavyJobs = 0;
    for (const ticket of this.tickets.values()) {
      if (ticket.inside === 'fetching' && ticket.job.remote) fetchingRemote++;
      else if (ticket.inside === 'fetching') fetchingFile++;
      else if (ticket.inside === 'ready') readyJobs++;
      if (isHeavyOut(ticket) && !isUnknownAfar(ticket)) heavyJobs++;
    }
    return {
      slot: this.entry.slot,
      fetchingFile,
      fetchingRemote,
      readyJobs,
      jobs: this.tickets.size,
      heavyJobs,
      exclusiveFor: this.exclusiveFor,
      costPixelsInFlight: this.costPixelsInFlight(),
      msPerCostPixel: this.msPerCostPixel,
      cpuExcess: this.#load ? this.#load.cpuShare - this.#load.cpuShareExplained : 0,
      bufferShare: this.#load ? this.#load.bufferBytesPinned / this.#load.bufferBytes : 0,
    };
  }
}

/** Does this ticket hold one of the heavy places? Unknown jobs that were granted one do until they are known. */
export const isHeavyOut = (ticket: Ticket): boolean =>
  ticket.job.price.known ? ticket.job.price.heavy : ticket.heavyGranted;

/** Nothing is known of it while it comes from afar, which takes long and no CPU: that closes the worker to nobody. */
const isUnknownAfar = ({ job, inside }: Ticket): boolean => !job.price.known && job.remote && inside === 'fetching';

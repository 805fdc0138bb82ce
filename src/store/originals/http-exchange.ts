import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { PileusError } from '../../shared/errors.ts';
import { abortError, type FetchBudget, type StepLimit } from './fetch-budget.ts';

export type ExchangeRequest = Readonly<{
  method: 'GET' | 'HEAD';
  url: URL;
  headers: Readonly<Record<string, string>>;
}>;

/** What came of a request. `broken`: the connection ended before the first byte of an answer, so asking again is safe. */
export type ExchangeOutcome =
  | Readonly<{ kind: 'answer'; answer: HttpAnswer }>
  | Readonly<{ kind: 'broken'; cause: Error }>;

export type HttpAnswer = Readonly<{
  status: number;
  headers: IncomingHttpHeaders;
  /** The next bytes of the body, null at its end. Throws origin_timeout, origin_truncated, origin_failed. */
  next: () => Promise<Buffer | null>;
  /** Lets go of the connection: back to the pool when the body was read to its end, else closed. */
  close: () => void;
}>;

/** More than this is not read ahead of the one who reads. */
const queuedBytesMax = 256 * 1024;

/**
 * One request and its answer, each phase under its deadline: connect until the request is written, headers until the
 * status is there, idle while a reader waits for bytes, and the total over all of it, read or not. undici's own
 * timeouts are off: they are coarse and have no total.
 *
 * Throws origin_unreachable when no connection came about, whatever the reason.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  budget: FetchBudget,
  signal: AbortSignal,
): Promise<ExchangeOutcome> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(budget, signal, resolve, reject);
    handler.start(() => {
      dispatcher.dispatch(
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: request.headers,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        handler,
      );
    });
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #budget: FetchBudget;
  readonly #signal: AbortSignal;
  readonly #resolve: (outcome: ExchangeOutcome) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort = (): void => this.#fail(abortError(this.#signal));
  #controller: Dispatcher.DispatchController | null = null;
  #phase: 'connecting' | 'waiting' | 'body' | 'ended' | 'failed' = 'connecting';
  #failure: Error | null = null;
  #totalTimer: NodeJS.Timeout | undefined;
  #stepTimer: NodeJS.Timeout | undefined;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #wake: (() => void) | null = null;
  #isAbandoned = false;

  constructor(
    budget: FetchBudget,
    signal: AbortSignal,
    resolve: (outcome: ExchangeOutcome) => void,
    reject: (error: Error) => void,
  ) {
    this.#budget = budget;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(dispatch: () => void): void {
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    const total = this.#budget.total();
    this.#totalTimer = setTimeout(() => this.#fail(total.error()), total.ms);
    this.#startStep(this.#budget.step('connect'));
    try {
      dispatch();
    } catch (error) {
      this.#fail(new PileusError('origin_failed', { cause: error }));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) {
      controller.abort(this.#failure);
      return;
    }
    this.#phase = 'waiting';
    this.#startStep(this.#budget.step('headers'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Informational answers (100, 103) come before the answer and are none.
    if (this.#phase !== 'waiting' || status < 200) return;
    this.#phase = 'body';
    clearTimeout(this.#stepTimer);
    this.#resolve({
      kind: 'answer',
      answer: { status, headers, next: () => this.#next(), close: () => this.#close() },
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#phase !== 'body' || this.#isAbandoned) return;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes >= queuedBytesMax) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    if (this.#phase !== 'body') return;
    this.#phase = 'ended';
    this.#release();
    this.#wake?.();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const code = (error as NodeJS.ErrnoException).code;
    if (this.#phase === 'connecting') {
      const isTimeout = code === 'UND_ERR_CONNECT_TIMEOUT';
      this.#fail(
        isTimeout ? this.#budget.step('connect').error() : new PileusError('origin_unreachable', { cause: error }),
      );
    } else if (this.#phase === 'waiting' && isBrokenConnection(code)) {
      this.#phase = 'failed';
      this.#release();
      this.#resolve({ kind: 'broken', cause: error });
    } else {
      const isCut = this.#phase === 'body' && !isMalformed(error);
      this.#fail(new PileusError(isCut ? 'origin_truncated' : 'origin_failed', { cause: error }));
    }
  }

  async #next(): Promise<Buffer | null> {
    if (this.#queue.length === 0 && this.#phase === 'body') await this.#wait();
    if (this.#failure) throw this.#failure;
    const chunk = this.#queue.shift();
    if (!chunk) return null;
    this.#queuedBytes -= chunk.length;
    if (this.#queuedBytes < queuedBytesMax && this.#controller?.paused) this.#controller.resume();
    return chunk;
  }

  async #wait(): Promise<void> {
    this.#startStep(this.#budget.step('idle'));
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
    clearTimeout(this.#stepTimer);
  }

  #close(): void {
    if (this.#phase !== 'body' || this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#fail(new PileusError('client_gone'));
  }

  #startStep(limit: StepLimit): void {
    clearTimeout(this.#stepTimer);
    this.#stepTimer = setTimeout(() => this.#fail(limit.error()), limit.ms);
  }

  #fail(error: Error): void {
    if (this.#phase === 'ended' || this.#phase === 'failed') return;
    this.#phase = 'failed';
    this.#failure = error;
    this.#release();
    this.#reject(error);
    this.#controller?.abort(error);
    this.#wake?.();
  }

  #release(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#stepTimer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

/** The other side hung up: a keep-alive connection that it closed just then, or a reset. */
const isBrokenConnection = (code: string | undefined): boolean =>
  code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';

/** The bytes are no HTTP: undici's parser gave up. */
const isMalformed = (error: Error): boolean => error.name === 'HTTPParserError';

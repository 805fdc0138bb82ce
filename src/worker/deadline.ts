import { type Clock, nsToMs } from '../shared/clock.ts';
import { PileusError } from '../shared/errors.ts';

/**
 * A signal that aborts when the asker leaves or the order's deadline passes, with the PileusError that says which.
 * `stopTimer` lifts the deadline and leaves the asker; `clear` lets go of both.
 */
export function deadlineSignal(
  asker: AbortSignal,
  deadlineNs: number,
  clock: Clock,
): { signal: AbortSignal; stopTimer: () => void; clear: () => void } {
  const controller = new AbortController();
  const leave = () => controller.abort(new PileusError('client_gone'));
  const expire = () => controller.abort(new PileusError('request_deadline'));
  const leftMs = nsToMs(deadlineNs) - clock.nowMs();
  if (asker.aborted) leave();
  if (leftMs <= 0) expire();
  asker.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(expire, Math.min(Math.max(leftMs, 0), timerMsMax));
  const stopTimer = () => clearTimeout(timer);
  const clear = () => {
    stopTimer();
    asker.removeEventListener('abort', leave);
  };
  return { signal: controller.signal, stopTimer, clear };
}

/** setTimeout takes no more. */
const timerMsMax = 2 ** 31 - 1;

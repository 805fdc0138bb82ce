import type { Obituary } from '../ipc/messages.ts';
import { PileusError } from '../shared/errors.ts';

/** What becomes of a job whose worker's socket broke. */
export type AfterDeath =
  /** Back into the queue at no charge: libvips never saw it. */
  | Readonly<{ do: 'requeue' }>
  /** Back into the queue, charged to the retry budget, alone in its worker. */
  | Readonly<{ do: 'retry-alone' }>
  | Readonly<{ do: 'fail'; error: PileusError }>;

/**
 * Decides by the master's obituary, or by what the worker's events told when no obituary came in time.
 *
 * Not started: free. Started and killed for its deadline: 504, no retry, it would only take as long again.
 * Started and the worker crashed, or was killed by something else: one retry from the budget, alone.
 * Killed by the master for reasons of its own: free.
 */
export function afterDeath(
  job: Readonly<{ jobId: string; retries: number; inside: 'fetching' | 'ready' | 'running' }>,
  obituary: Obituary | null,
  config: Readonly<{ retriesMax: number }>,
  budget: Readonly<{ tryWithdraw: () => boolean }>,
): AfterDeath {
  const started = obituary === null ? job.inside === 'running' : obituary.startedJobIds.includes(job.jobId);
  if (!started) return { do: 'requeue' };
  switch (obituary?.exit) {
    case 'deadline':
      return { do: 'fail', error: new PileusError('processing_deadline') };
    case 'clean':
    case 'drained':
    case 'recycled':
      return { do: 'requeue' };
    default:
      return job.retries < config.retriesMax && budget.tryWithdraw()
        ? { do: 'retry-alone' }
        : { do: 'fail', error: new PileusError('worker_crashed') };
  }
}

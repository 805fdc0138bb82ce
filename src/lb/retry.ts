import type { ExitClass, Obituary } from '../ipc/messages.ts';
import { PileusError } from '../shared/errors.ts';

/** What becomes of a job whose worker's socket broke. */
export type AfterDeath =
  /**
   * Back into the queue at no charge: libvips never saw it. `suspected`: its worker died a violent death with it inside,
   * which counts as one of its `deaths`.
   */
  | Readonly<{ do: 'requeue'; suspected: boolean }>
  /** Back into the queue, alone in its worker; charged to the retry budget where it had started. One of its `deaths` too. */
  | Readonly<{ do: 'retry-alone' }>
  | Readonly<{ do: 'fail'; error: PileusError }>;

/**
 * Decides by the master's obituary, or by what the worker's events told when no obituary came in time.
 *
 * Not started: free, but what is inside a worker may kill it before libvips sees it (its header, its fetch). Who was
 * inside two workers that died violently goes alone into the third, and fails with that one's death: so it kills three
 * at most, and whoever was only near it is free of it from then on.
 * Started and killed for its deadline: 504, no retry, it would only take as long again.
 * Started and the worker crashed, or was killed by something else: one retry from the budget, alone.
 * Killed by the master for reasons of its own: free.
 */
export function afterDeath(
  job: Readonly<{ jobId: string; retries: number; inside: 'fetching' | 'ready' | 'running'; deaths: number }>,
  obituary: Obituary | null,
  config: Readonly<{ retriesMax: number }>,
  budget: Readonly<{ tryWithdraw: () => boolean }>,
): AfterDeath {
  const started = obituary === null ? job.inside === 'running' : obituary.startedJobIds.includes(job.jobId);
  if (!started) return suspicion(obituary, job.deaths);
  switch (obituary?.exit) {
    case 'deadline':
      return { do: 'fail', error: new PileusError('processing_deadline') };
    case 'clean':
    case 'drained':
    case 'recycled':
      return { do: 'requeue', suspected: false };
    default:
      return job.retries < config.retriesMax && budget.tryWithdraw()
        ? { do: 'retry-alone' }
        : { do: 'fail', error: new PileusError('worker_crashed') };
  }
}

const deathsBeforeAlone = 1;

/** Deaths that nobody has explained: neither wanted by the master, nor the deadline of a picture that is known. */
const violent: readonly ExitClass[] = ['crashed', 'killed', 'oom-suspected', 'stuck'];

function suspicion(obituary: Obituary | null, deathsBefore: number): AfterDeath {
  if (obituary === null || !violent.includes(obituary.exit)) return { do: 'requeue', suspected: false };
  if (deathsBefore < deathsBeforeAlone) return { do: 'requeue', suspected: true };
  if (deathsBefore === deathsBeforeAlone) return { do: 'retry-alone' };
  return { do: 'fail', error: new PileusError('worker_crashed') };
}

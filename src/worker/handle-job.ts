import type { JobOrder, JobReport, RedirectReason } from '../ipc/order.ts';
import { asPileusError, PileusError, toWire } from '../shared/errors.ts';
import { deadlineSignal } from './deadline.ts';
import { type CarriedSource, type JobDeps, type Notes, namespaceOf, tellStory } from './job-story.ts';
import { type MarkLeases, takeMarks } from './marks.ts';
import { emptyReport } from './report.ts';
import { BufferFull } from './source-fetch.ts';
import type { LeasedSource, SourceLease } from './source-table.ts';

/** What goes back to the lb. `release` has to be called once the body has been sent, or will not be. */
export type JobAnswer = Readonly<{
  report: JobReport;
  /** `carried`: the source that came with the order goes back with it, unread. */
  body: Uint8Array | 'carried' | null;
  release: () => void;
}>;

/**
 * One order, from its arrival to its answer. Never rejects: every end is an answer with a report.
 *
 * `asker` aborts when the lb hangs up: then a job that has not started is dropped, and a picture that is being made is
 * finished. The order's deadline holds until the picture has started: then it ends in its own time and is answered, late.
 */
export async function handleJob(
  order: JobOrder,
  carried: CarriedSource | null,
  asker: AbortSignal,
  deps: JobDeps,
): Promise<JobAnswer> {
  const notes = blankNotes(carried);
  const { job: inside, leave } = deps.inside.enter();
  const { signal, stopTimer, clear } = deadlineSignal(asker, order.deadlineNs, deps.clock);
  let lease: SourceLease | null = null;
  let marks: MarkLeases | null = null;
  let sends: LeasedSource | null = null;
  try {
    signal.throwIfAborted();
    if (deps.isDraining() && !order.mustRun) return redirect('draining');
    const revision = deps.revisions.at(order.configRevision);
    const namespace = namespaceOf(revision, order);
    const { source, knownVersion, traceparent } = order;
    lease = deps.sources.take({
      source,
      store: namespace.store,
      options: namespace.options,
      knownVersion,
      traceparent,
      truncatedOk: namespace.config.truncated === 'ok',
      carried,
    });
    marks = takeMarks(order, revision, deps.sources);
    const outcome = await tellStory({
      order,
      carried,
      revision,
      namespace,
      lease,
      marks,
      inside,
      signal,
      liftDeadline: stopTimer,
      notes,
      deps,
    });
    if (outcome.state === 'result') return answer({ result: outcome.result }, outcome.body);
    sends = outcome.source;
    return redirect(outcome.reason);
  } catch (error) {
    if (!(error instanceof BufferFull)) return fail(asPileusError(error));
    return order.mustRun
      ? fail(new PileusError('overloaded', { retryAfterS: 1, cause: error }))
      : redirect('buffer_full');
  } finally {
    clear();
  }

  function redirect(reason: RedirectReason): JobAnswer {
    const bytes = sends && deps.buffer.view(sends.range);
    const body = bytes ?? (carried?.isUntouched() ? 'carried' : null);
    return answer({ redirect: { reason, carries: body !== null } }, body);
  }

  function fail(error: PileusError): JobAnswer {
    const { jobId, requestId } = order;
    if (error.code === 'internal') {
      deps.log.error({ event: 'internal-error', jobId, requestId, err: error.cause ?? error });
    }
    return answer({ error: toWire(error) }, null);
  }

  function answer(ending: Ending, body: JobAnswer['body']): JobAnswer {
    // Before the load is told: it is to be the load without this job.
    if (!sends) lease?.release();
    marks?.release();
    leave();
    const { facts, marks: drawn, fetchMs, waitMs, processMs, price, joined, sourceHit } = notes;
    const version = facts?.version ?? lease?.version() ?? null;
    const report: JobReport = {
      ...emptyReport(deps.inside.load()),
      version,
      checkedAtMs: version === null ? null : (lease?.checkedAtMs() ?? carried?.checkedAtMs ?? null),
      facts,
      ...(drawn === null ? {} : { marks: drawn }),
      phases: { fetchMs: rounded(fetchMs), waitMs: rounded(waitMs), processMs: rounded(processMs) },
      cost: price && { predictedMs: price.ms, costPixels: price.costPixels, actualMs: processMs },
      joined,
      sourceHit,
      ...ending,
    };
    account(order, report, deps);
    return { report, body, release: lease?.release ?? (() => {}) };
  }
}

/** To the microsecond. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

type Ending = Partial<Pick<JobReport, 'result' | 'redirect' | 'error'>>;

const blankNotes = (carried: CarriedSource | null): Notes => ({
  facts: carried?.facts ?? null,
  marks: null,
  fetchMs: 0,
  waitMs: 0,
  processMs: 0,
  price: null,
  joined: false,
  sourceHit: false,
});

/** Metrics and the log line of a job that is over. */
function account(order: JobOrder, report: JobReport, { metrics, log }: JobDeps): void {
  const { phases, redirect, error, result, joined, sourceHit } = report;
  const outcome = result ? 'ok' : redirect ? 'redirect' : (error?.code ?? 'internal');
  metrics.jobs.inc({ view: order.plan.view, outcome });
  if (redirect) metrics.redirects.inc({ reason: redirect.reason });
  metrics.phaseSeconds.observe({ phase: 'fetch' }, phases.fetchMs / 1000);
  if (result && !joined) {
    metrics.phaseSeconds.observe({ phase: 'wait' }, phases.waitMs / 1000);
    metrics.phaseSeconds.observe({ phase: 'process' }, phases.processMs / 1000);
  }
  if (!log.isLevelEnabled('debug')) return;
  const { jobId, requestId, attempt, source } = order;
  const reason = redirect?.reason;
  log.debug({ event: 'job', jobId, requestId, attempt, ...source, outcome, reason, joined, sourceHit, ...phases });
}

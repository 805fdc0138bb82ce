import type { JobOrder, JobReport, JobResult, RedirectReason } from '../ipc/order.ts';
import { type Cost, isHeavy } from '../plan/cost.ts';
import { type Details, noDetails, readDetails } from '../plan/header/details.ts';
import type { SourceFacts } from '../plan/header.ts';
import { withMarks } from '../plan/marks.ts';
import type { ResolveContext } from '../plan/resolve.ts';
import { asPileusError, PileusError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { OpenOriginal } from '../store/originals/original-store.ts';
import { checkSum } from './check-sum.ts';
import type { ConfigRevisions, Namespace, Revision } from './config-revisions.ts';
import type { DerivationTable } from './derivation-table.ts';
import type { JobInside } from './jobs-inside.ts';
import { fitsMemory, isHeavyJob, type MakeAnswer, type MakeDeps, makePicture, type PricedJob } from './make-picture.ts';
import { type LeasedMark, type MarkLeases, withMarkBytes } from './marks.ts';
import { untilAborted } from './promises.ts';
import { BufferFull } from './source-fetch.ts';
import type { LeasedSource, SourceLease, SourceTable } from './source-table.ts';
import { infoOf, jsonResult, reportResult } from './views.ts';

export type JobDeps = MakeDeps &
  Readonly<{
    revisions: ConfigRevisions;
    sources: SourceTable;
    derivations: DerivationTable<MakeAnswer>;
    isDraining: () => boolean;
    log: Log;
  }>;

/** A source's bytes that came with the order, after a redirect. */
export type CarriedSource = Readonly<{
  facts: SourceFacts;
  /** When its origin was last asked for it, as far as that is known. */
  checkedAtMs: number | null;
  original: OpenOriginal;
  /** Nothing has been read of it: it can still be passed on as it is. */
  isUntouched: () => boolean;
}>;

/** What is learned along the way; it is reported however the job ends. */
export type Notes = {
  facts: SourceFacts | null;
  /** null until all marks of the plan are there, and where it has none. */
  marks: NonNullable<JobReport['marks']> | null;
  fetchMs: number;
  waitMs: number;
  processMs: number;
  /** null while unknown, and where another job pays it. */
  price: Cost | null;
  joined: boolean;
  sourceHit: boolean;
};

/** An order on its way, and what its parts share. */
export type Story = Readonly<{
  order: JobOrder;
  carried: CarriedSource | null;
  revision: Revision;
  namespace: Namespace;
  lease: SourceLease;
  marks: MarkLeases;
  inside: JobInside;
  /** Aborts when nobody waits any more or the deadline passes. */
  signal: AbortSignal;
  /** From here on only the asker ends the wait. */
  liftDeadline: () => void;
  notes: Notes;
  deps: JobDeps;
}>;

export type Outcome =
  | Readonly<{ state: 'result'; body: Uint8Array; result: JobResult }>
  /** With `source`, its bytes go along. */
  | Readonly<{ state: 'redirect'; reason: RedirectReason; source: LeasedSource | null }>;

/**
 * What becomes of an order once its source is asked for. The header decides as early as it can: limits, price and a
 * redirect stop the download. Throws PileusError, and BufferFull when the source has no room here.
 */
export async function tellStory(story: Story): Promise<Outcome> {
  const { order, lease, deps } = story;
  const early = await fetchUntil(story, lease.probe);
  throwIf(deps.engine.checkLimits(early.header, story.namespace.options));
  if (early.facts) {
    story.notes.facts = early.facts;
    if (needsNoPixels(order) && !needsFile(order)) return factsOutcome(story, early.facts, await marksOf(story));
    const stays = needsFile(order) || lease.landed() !== null || !story.marks.isEmpty;
    const reason = stays ? null : whyElsewhere(affordable(priceJob(story, early.facts, []), deps), deps);
    if (reason) return { state: 'redirect', reason, source: await whatIsThere(story) };
  }
  const source = await fetchUntil(story, lease.complete);
  noteSource(story, source);
  if (needsFile(order)) return fileOutcome(story, source);
  const marks = await marksOf(story);
  if (needsNoPixels(order)) return factsOutcome(story, source.facts, marks);
  return pictureOutcome(story, source, marks);
}

/** The marks of the plan; none where only the source is told of. */
async function marksOf({ order, marks, signal, notes, deps }: Story): Promise<readonly LeasedMark[]> {
  if (marks.isEmpty || order.plan.view === 'info') return [];
  const beganMs = deps.clock.nowMs();
  try {
    const leased = await untilAborted(marks.complete, signal);
    notes.marks = leased.map(({ source, facts, checkedAtMs }) => ({ source, facts, checkedAtMs }));
    return leased;
  } finally {
    notes.fetchMs += deps.clock.nowMs() - beganMs;
  }
}

const needsNoPixels = ({ plan }: JobOrder): boolean => plan.view === 'info' || plan.view === 'explain';

/** Is something told, or checked, that does not stand in the header? */
const needsFile = ({ plan }: JobOrder): boolean =>
  plan.view === 'info' && (plan.report?.details === true || plan.expects !== undefined);

async function fetchUntil<T>({ signal, lease, notes, deps }: Story, point: Promise<T>): Promise<T> {
  const beganMs = deps.clock.nowMs();
  try {
    return await untilAborted(point, signal);
  } catch (error) {
    const result = error instanceof BufferFull ? 'buffer_full' : asPileusError(error).code;
    if (!lease.joined) deps.metrics.fetches.inc({ result });
    throw error;
  } finally {
    notes.fetchMs += deps.clock.nowMs() - beganMs;
  }
}

/**
 * The lb frees a fetch place. Places for files are few and soon free again: the news can wait for the next answer, which
 * spares the lb a turn per job. A place for an origin is held for the whole of its latency: every millisecond counts.
 */
const fetchedWithinMs = 100;

function noteSource(
  { order, carried, namespace, lease, notes, deps }: Story,
  { facts, hit, checkedAtMs }: LeasedSource,
): void {
  const { metrics, events } = deps;
  notes.facts = facts;
  notes.sourceHit = hit;
  const origin = carried ? 'carried' : 'miss';
  const from = hit ? 'hit' : lease.joined ? 'joined' : origin;
  metrics.sources.inc({ from });
  if (from === 'miss') {
    metrics.fetches.inc({ result: 'ok' });
    metrics.fetchedBytes.inc(facts.bytes);
  }
  events.tell(
    { type: 'fetched', jobId: order.jobId, facts, checkedAtMs },
    namespace.store.remote ? 0 : fetchedWithinMs,
  );
}

/** A redirect takes along what has been fetched. What came with the order was fetched by somebody. */
async function whatIsThere({ carried, lease, signal }: Story): Promise<LeasedSource | null> {
  if (carried && !carried.isUntouched()) return untilAborted(lease.complete, signal);
  return lease.landed();
}

function priceJob(
  { order, revision, namespace, inside, notes, deps }: Story,
  facts: SourceFacts,
  drawn: readonly LeasedMark[],
): PricedJob {
  const { engine } = deps;
  const { options, config } = namespace;
  const { header } = facts;
  throwIf(engine.checkLimits(header, options));
  const scene: ResolveContext = {
    options,
    animated: config.animated,
    truncatedOk: config.truncated === 'ok',
    assets: withMarks(revision.config.assets, drawn),
  };
  const resolved = engine.resolve(order.plan, header, scene);
  throwIf(engine.checkFrameLimits(header, resolved.input, options));
  const price = engine.predict(resolved);
  notes.price = price;
  inside.costPixels = price.costPixels;
  const derivation = engine.derivation(facts.version, resolved);
  const assets = withMarkBytes(revision.assets, drawn, deps.buffer);
  const markRanges = drawn.map(({ range }) => range);
  return { order, namespace, assets, markRanges, facts, scene, resolved, derivation, price };
}

function fileOutcome(story: Story, { facts, range }: LeasedSource): Outcome {
  const { order, deps } = story;
  const file = deps.buffer.view(range);
  checkSum(file, order.plan);
  return factsOutcome(
    story,
    facts,
    [],
    order.plan.report?.details ? readDetails(file, facts.header.format) : noDetails,
  );
}

function factsOutcome(story: Story, facts: SourceFacts, marks: readonly LeasedMark[], details?: Details): Outcome {
  const { order, deps } = story;
  const { plan } = order;
  if (plan.view === 'info' && plan.report)
    return { state: 'result', ...reportResult(plan.report, facts, plan, details) };
  if (plan.view === 'info') return { state: 'result', ...jsonResult(infoOf(facts, plan), facts, plan) };
  const { resolved, price } = priceJob(story, facts, marks);
  return { state: 'result', ...jsonResult(deps.engine.explain(plan, facts.header, resolved, price), facts, plan) };
}

/** What would be killed on its way is not begun: it would be a strike against its source. Throws too_costly. */
function affordable(job: PricedJob, { engine }: JobDeps): PricedJob {
  const { hardMs } = job.namespace.options;
  // Never more than its price, which is known: nearly every job ends here.
  if (job.price.ms <= hardMs) return job;
  const leastMs = engine.leastMs(job.resolved);
  if (leastMs > hardMs)
    throw new PileusError('too_costly', {
      detail: `About ${Math.round(leastMs / 1000)} s, at most ${hardMs / 1000} s (hardMs).`,
    });
  return job;
}

/** Why another worker should have this job, as far as the header tells. */
function whyElsewhere(job: PricedJob, deps: JobDeps): RedirectReason | null {
  const { order, namespace } = job;
  if (order.mustRun || deps.derivations.has(workKey(job))) return null;
  const isAnnounced = order.heavyGranted || isHeavy({ ms: order.predictedMs }, namespace.options);
  if (isHeavyJob(job) && !isAnnounced) return 'heavier_than_announced';
  return fitsMemory(job, deps.meter) ? null : 'memory_full';
}

/** Equal work. What must run here never waits for work that may still be sent away. A derivation does not say in whose words it is told. */
const workKey = ({ order, derivation }: PricedJob): string => {
  const { view, report } = order.plan;
  const told = view === 'measured' && report ? ` ${JSON.stringify(report)}` : '';
  return `${view} ${order.mustRun ? 'must' : 'may'} ${derivation}${told}`;
};

async function pictureOutcome(story: Story, source: LeasedSource, marks: readonly LeasedMark[]): Promise<Outcome> {
  const { signal, inside, notes, deps } = story;
  const job = affordable(priceJob(story, source.facts, marks), story.deps);
  const reason = whyElsewhere(job, deps);
  if (reason) return { state: 'redirect', reason, source };

  const beganMs = deps.clock.nowMs();
  const key = workKey(job);
  notes.joined = deps.derivations.has(key);
  if (notes.joined) inside.phase = 'joined';
  // A picture in libvips ends in its own time. Whoever asked has had the deadline's answer; the result is kept.
  const waiting = { signal, onStarted: story.liftDeadline };
  const made = await deps.derivations.join(key, waiting, (work) => makePicture(job, source.range, inside, work, deps));
  if (made.state === 'redirect') {
    notes.joined = false;
    notes.waitMs = made.waitMs;
    return { state: 'redirect', reason: made.reason, source };
  }
  if (notes.joined) {
    notes.price = null;
    notes.waitMs = deps.clock.nowMs() - beganMs;
    deps.metrics.joined.inc();
  } else {
    notes.waitMs = made.waitMs;
    notes.processMs = made.processMs;
  }
  return { state: 'result', ...made.made };
}

function throwIf(error: PileusError | null): void {
  if (error) throw error;
}

/** 404 for an order whose namespace is not (any more) configured. */
export function namespaceOf(revision: Revision, order: JobOrder): Namespace {
  const namespace = revision.namespaces.get(order.source.ns);
  if (!namespace) throw new PileusError('not_found');
  return namespace;
}

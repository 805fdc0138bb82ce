import type { Fact } from '../ipc/messages.ts';
import type { JobOrder, RedirectReason } from '../ipc/order.ts';
import { type Cost, isHeavy } from '../plan/cost.ts';
import { noDetails, readDetails } from '../plan/header/details.ts';
import { headerPixels, type SourceFacts } from '../plan/header.ts';
import { closePlan, trimOf, trimProbe } from '../plan/resolve/trim.ts';
import type { ResolveContext } from '../plan/resolve.ts';
import type { Resolved } from '../plan/resolved.ts';
import type { Clock } from '../shared/clock.ts';
import { asPileusError } from '../shared/errors.ts';
import type { BlobBuffer, BlobRange } from './blob-buffer.ts';
import { checkSum } from './check-sum.ts';
import type { Namespace } from './config-revisions.ts';
import { contentTypeOf } from './content-type.ts';
import type { SharedWork } from './derivation-table.ts';
import type { AssetBytes, Engine, PictureContext } from './engine.ts';
import type { EventStream } from './event-stream.ts';
import { faultIn, provoke } from './fault-injection.ts';
import type { JobGate } from './job-gate.ts';
import type { JobInside, JobsInside } from './jobs-inside.ts';
import type { LoadMeter } from './load-meter.ts';
import type { WorkerMetrics } from './metrics.ts';
import { jsonResult, type Made, reportResult } from './views.ts';

/** A job of which everything is known before the first pixel: what it will be, and what it will cost. */
export type PricedJob = Readonly<{
  order: JobOrder;
  namespace: Namespace;
  assets: AssetBytes;
  /** Where the marks lie that are other originals. */
  markRanges: readonly BlobRange[];
  facts: SourceFacts;
  /** What the plan was resolved with, besides the header. */
  scene: ResolveContext;
  resolved: Resolved;
  derivation: string;
  price: Cost;
}>;

export type MakeDeps = Readonly<{
  clock: Clock;
  buffer: BlobBuffer;
  gate: JobGate;
  engine: Engine;
  inside: JobsInside;
  meter: LoadMeter;
  metrics: WorkerMetrics;
  events: EventStream;
  /** To the master; `onSent` once the message is on its way. */
  tellMaster: (fact: Fact, onSent?: () => void) => void;
  /** With the next fact, or at the end of this turn. */
  tellMasterSoon: (fact: Fact) => void;
  /** Are faults on purpose armed (fault-injection.ts)? */
  faultsArmed: boolean;
}>;

export type MakeAnswer =
  | Readonly<{ state: 'made'; made: Made; waitMs: number; processMs: number }>
  | Readonly<{ state: 'redirect'; reason: RedirectReason; waitMs: number }>;

export const isHeavyJob = ({ price, namespace }: PricedJob): boolean => isHeavy(price, namespace.options);

/** Does what the picture needs at its worst fit beside what the process holds without it? */
export const fitsMemory = ({ price, namespace }: PricedJob, meter: LoadMeter): boolean =>
  meter.rssBesidesPicture + price.memoryBytes <= namespace.options.workerRssMax;

/**
 * Waits for the CPU place and makes the picture. The ranges of the source and of its marks are pinned by the work itself
 * until libvips has let go of them, whoever leaves meanwhile.
 */
export async function makePicture(
  job: PricedJob,
  range: BlobRange,
  inside: JobInside,
  work: SharedWork,
  deps: MakeDeps,
): Promise<MakeAnswer> {
  const { buffer, gate } = deps;
  const { mustRun } = job.order;
  const ranges = [range, ...job.markRanges];
  for (const each of ranges) buffer.pin(each);
  try {
    inside.phase = 'ready';
    const want = { predictedMs: job.price.ms, heavy: isHeavyJob(job), mayYield: !mustRun };
    const place = await gate.acquire(want, work.signal);
    const { waitMs } = place;
    if (place.state !== 'granted') return { state: 'redirect', reason: reasonOf[place.state], waitMs };
    try {
      if (!mustRun && !fitsMemory(job, deps.meter)) return { state: 'redirect', reason: 'memory_full', waitMs };
      work.started();
      inside.phase = 'running';
      const { made, processMs } = await run(job, buffer.view(range), deps);
      return { state: 'made', made, waitMs, processMs };
    } finally {
      place.release();
    }
  } finally {
    for (const each of ranges) buffer.unpin(each);
  }
}

const reasonOf = { yielded: 'heavy_before_light', closed: 'draining' } as const;

/** From here on a death of this process is this picture's doing: the master hears of it first. */
async function run(job: PricedJob, source: Buffer, deps: MakeDeps): Promise<{ made: Made; processMs: number }> {
  const { clock, inside, metrics, engine } = deps;
  const { order, price, resolved } = job;
  let outcome: Extract<Fact, { type: 'job-ended' }>['outcome'] = 'failed';
  inside.pictureBegan();
  try {
    await sayStarted(job, deps);
    const startedMs = clock.nowMs();
    const made = await draw(job, source, deps);
    const processMs = clock.nowMs() - startedMs;
    // What is measured is no picture: it would teach what decoding does not cost.
    if (order.plan.view !== 'measured') engine.learn(resolved, processMs, clock.nowMs());
    outcome = 'ok';
    metrics.decodedPixels.inc(headerPixels(job.facts.header));
    metrics.costPixels.inc(price.costPixels);
    if (price.ms > 0) metrics.costRatio.observe(processMs / price.ms);
    return { made, processMs };
  } catch (error) {
    if (asPileusError(error).code === 'processing_deadline') outcome = 'soft-deadline';
    throw error;
  } finally {
    inside.pictureEnded();
    metrics.pictures.inc({ outcome });
    deps.tellMasterSoon({ type: 'job-ended', jobId: order.jobId, outcome });
  }
}

function sayStarted(job: PricedJob, { tellMaster, events, engine }: MakeDeps): Promise<void> {
  const { order, price, facts } = job;
  const { jobId, requestId, source, plan } = order;
  events.tell({ type: 'started', jobId });
  return new Promise((resolve) => {
    tellMaster(
      {
        type: 'job-started',
        jobId,
        requestId,
        subject: { version: facts.version, operation: engine.operationClass(plan), ...source },
        pixels: price.costPixels,
        predictedMs: price.ms,
        hardMs: job.namespace.options.hardMs,
      },
      resolve,
    );
  });
}

async function draw(job: PricedJob, source: Buffer, deps: MakeDeps): Promise<Made> {
  const { order, resolved, facts, derivation } = job;
  checkSum(source, resolved);
  const fault = deps.faultsArmed ? faultIn(order.source.key, resolved.encode.format) : null;
  if (fault) return provoke(fault);
  const context: PictureContext = { assets: job.assets, options: job.namespace.options };
  if (order.plan.view === 'average') {
    return jsonResult(await deps.engine.runAverage(source, resolved, context), facts, order.plan);
  }
  if (order.plan.view === 'measured') return measured(job, source, context, deps);
  if (resolved.keep && resolved.input.format !== 'svg') return keptSource(job, source);
  const picture = await deps.engine.runPicture(source, await closed(job, source, deps), context);
  const { bytes, contentType, extension, width, height, frames } = picture;
  return { body: bytes, result: { derivation, contentType, extension, width, height, frames } };
}

async function measured(job: PricedJob, source: Buffer, context: PictureContext, deps: MakeDeps): Promise<Made> {
  const { plan } = job.order;
  const { facts, resolved } = job;
  const found = await deps.engine.runMeasure(source, resolved, context);
  if (plan.report === undefined) return jsonResult(found, facts, plan);
  const details = plan.report.details ? readDetails(source, facts.header.format) : noDetails;
  return reportResult(plan.report, facts, plan, details, found);
}

/** The plan in its last integers: where they depend on pixels, after a look at them, one trim after the other. */
async function closed(job: PricedJob, source: Buffer, { engine }: MakeDeps): Promise<Resolved> {
  const { namespace, assets, facts, scene } = job;
  let { resolved } = job;
  for (;;) {
    const plan = resolved.open?.plan;
    const place = plan ? trimOf(plan) : null;
    if (plan === undefined || place === null) return resolved;
    const probe = engine.resolve(trimProbe(plan, place), facts.header, scene);
    const box = await engine.findTrim(source, probe, place.trim, { assets, options: namespace.options });
    resolved = engine.resolve(closePlan(plan, place, box), facts.header, scene);
  }
}

/** The source's own bytes, copied: the buffer's are somebody else's soon. */
function keptSource({ resolved, facts, derivation }: PricedJob, source: Buffer): Made {
  const { width, height } = facts.header;
  const extension = resolved.encode.format;
  return {
    body: Buffer.from(source),
    result: { derivation, contentType: contentTypeOf(source), extension, width, height, frames: facts.header.frames },
  };
}

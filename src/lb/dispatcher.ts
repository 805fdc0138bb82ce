import type { BackendEntry, Obituary } from '../ipc/messages.ts';
import type { JobReport, WorkerEvent } from '../ipc/order.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { Clock } from '../shared/clock.ts';
import { EarliestTimer } from '../shared/earliest-timer.ts';
import { asPileusError, PileusError } from '../shared/errors.ts';
import type { Rng } from '../shared/rng.ts';
import { Admission, type AdmissionConfig, overloaded } from './admission.ts';
import { type Backend, isHeavyOut } from './backend.ts';
import type { BackendPool } from './backend-pool.ts';
import { isOfTheFetch } from './fetch-failures.ts';
import type { Job, JobOutcome, Ticket } from './job.ts';
import { type Carried, orderOf } from './job-order.ts';
import { Obituaries } from './obituaries.ts';
import { OriginPlaces } from './origin-places.ts';
import {
  type BackendView,
  chooseBackend,
  hasPlace,
  heavyPlaces,
  type JobView,
  type PlacementConfig,
  remotePlaces,
} from './placement.ts';
import { rendezvousSlot } from './rendezvous.ts';
import { afterDeath } from './retry.ts';
import { RetryBudget } from './retry-budget.ts';
import { SourceHolders } from './source-holders.ts';
import { CarriedBroken, type JobAnswer } from './worker-client.ts';
import { WorkerWatch } from './worker-watch.ts';

export type DispatchConfig = AdmissionConfig &
  PlacementConfig &
  Readonly<{
    retriesMax: number;
    redirectsMax: number;
    resultBytesMax: number;
    heavyJobMs: number;
    lightMemoryMs: number;
    revision: number;
    /** Workers that the node keeps, and how long one may take to start. */
    workers: number;
    readyTimeoutMs: number;
    /** Namespaces whose originals are not files. */
    remoteOrigins: number;
  }>;

/** What the master's blame says of a job. `struck`: a worker has died of its source. */
export type Standing = 'good' | 'struck' | 'quarantined';

/** What the dispatcher tells and asks of the rest of the lb. */
export type DispatchPorts = Readonly<{
  config: () => DispatchConfig;
  /** Prices a job by what is known of its source. */
  price: (job: Job) => Job['price'];
  /** Mean milliseconds of recent light jobs. */
  meanJobMs: () => number;
  /** Has some worker decoded this very version to its end, and has it no strike? Else it runs one job at a time. */
  isProven: (job: Job) => boolean;
  standing: (job: Job) => Standing;
  /** Does anybody still wait for it? */
  isAwaited: (job: Job) => boolean;
  /** A worker has a source of which nothing was known; it may die before it can answer. */
  onFetched: (job: Job, facts: SourceFacts, checkedAtMs: number | null) => void;
  /** A worker answered: facts to keep, prices to learn. */
  onReport: (job: Job, report: JobReport, slot: number, generation: number) => void;
  /** A worker's socket broke: the master has to look. */
  onBroken: (slot: number, generation: number) => void;
  onShed: (reason: 'door' | 'codel') => void;
  onRedirect: (reason: string) => void;
  onRetry: () => void;
}>;

/**
 * Late binding of jobs to workers: a job leaves the queue only when some worker has a place for it. `pump` is called
 * after everything that may have made a place or a job, and compares what waits with what is free; it does not
 * react to what happened.
 */
export class Dispatcher {
  readonly #ports: DispatchPorts;
  readonly #pool: BackendPool;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #admission = new Admission();
  readonly #budget = new RetryBudget();
  /** Sources whose one running job is not proven yet, by that job's id. */
  readonly #locks = new Map<string, string>();
  readonly #holders = new SourceHolders();
  readonly #obituaries = new Obituaries(obituaryMs);
  readonly #workers: WorkerWatch;
  /** For places that open by themselves, where nothing may happen that pumps. */
  readonly #lookAgain: EarliestTimer;
  /** Jobs that have to run alone in their worker. */
  readonly #alone = new Set<string>();
  #turn = 0;
  /** When a job was last here for which a place is kept. A node that has just started expects them. */
  #lastLightMs: number;
  /** When a worker's socket last broke. */
  #lastDeathMs = Number.NEGATIVE_INFINITY;
  /** Sources whose jobs wait for a second worker. */
  #heldBack = new Set<string>();

  constructor(ports: DispatchPorts, pool: BackendPool, clock: Clock, rng: Rng) {
    this.#ports = ports;
    this.#pool = pool;
    this.#clock = clock;
    this.#rng = rng;
    this.#lastLightMs = clock.nowMs();
    this.#lookAgain = new EarliestTimer(clock, () => this.pump());
    this.#workers = new WorkerWatch(clock, {
      isWorkerless: () => this.#pool.open().length === 0,
      patienceMs: () => this.#ports.config().readyTimeoutMs,
      onPatienceOver: () => {
        for (const job of this.#waiting()) this.cancel(job, noWorker());
      },
    });
  }

  get admission(): Admission {
    return this.#admission;
  }

  /**
   * Takes a job in, or throws: `overloaded` at the door, or `no_worker` when there has been none for too long.
   */
  submit(job: Job): void {
    const config = this.#ports.config();
    if (this.#workers.isHopeless()) throw noWorker();
    try {
      const held = this.#heldGroups(config);
      const isHeld = ({ source, sourceId }: Job): boolean =>
        (source.ns !== job.source.ns && held.includes(source.ns)) ||
        (sourceId !== job.sourceId && held.includes(sourceId));
      const inFlightMs = this.#pool.open().reduce((sum, backend) => sum + backend.inFlightMs(isHeld), 0);
      this.#admission.enter(job, this.#pool.open().length, inFlightMs, config, held);
    } catch (error) {
      this.#ports.onShed('door');
      throw error;
    }
    this.#budget.deposit();
    this.#noteLight(job);
    this.pump();
  }

  /** Milliseconds of light work that is already inside the workers. */
  inFlightMs(): number {
    return this.#pool.open().reduce((sum, backend) => sum + backend.inFlightMs(), 0);
  }

  /** Resolves with true when there is a worker, with false when waiting for one has become hopeless. */
  whenWorker(): Promise<boolean> {
    return this.#workers.whenOpen();
  }

  get workersReady(): number {
    return this.#pool.open().length;
  }

  predictedWaitMs(): number {
    return this.#admission.predictedWaitMs(false, this.#pool.open().length, this.inFlightMs());
  }

  /**
   * Nobody wants this job any more: it is dropped unless libvips already works on it. `error` is what whoever still
   * listens gets.
   */
  cancel(job: Job, error: PileusError): void {
    const { stage } = job;
    if (stage.at === 'queued') {
      this.#admission.remove(job);
      this.#settle(job, { ok: false, error, report: null, slot: null });
    } else if (stage.at === 'sent' && stage.ticket.inside !== 'running') {
      this.#settle(job, { ok: false, error, report: null, slot: stage.ticket.slot });
      stage.ticket.abort.abort();
    } else if (stage.at === 'held') {
      this.#settle(job, { ok: false, error, report: null, slot: stage.ticket.slot });
    }
  }

  /** The job's time is over: those who wait are answered now; if it runs, it ends in its own time and is kept. */
  expire(job: Job): void {
    const error = new PileusError('request_deadline');
    this.cancel(job, error);
    if (job.stage.at !== 'settled') job.settle({ ok: false, error, report: null, slot: null });
  }

  /** The master's table of workers; gives the new ones, whose events have to be followed. */
  setBackends(entries: readonly BackendEntry[]): readonly Backend[] {
    this.#workers.changed();
    const { came, went } = this.#pool.apply(entries);
    for (const backend of went) {
      backend.client.destroy();
      // Its open orders now fail one by one and are held for the obituary, or find it here already.
    }
    this.#workers.changed();
    this.pump();
    return came;
  }

  /**
   * Blame has changed: what is quarantined now and has not reached libvips is answered, and not tried.
   *
   * It follows a death, whose broken link may be noticed a turn after the master's message: what is inside workers is
   * looked at a moment later. By then the job that died is held for its obituary, and not mistaken for one that can
   * still be kept from its worker.
   */
  noteBlame(): void {
    this.#cancelQuarantined(this.#waiting());
    setTimeout(() => {
      this.#cancelQuarantined(this.#pool.all().flatMap(({ tickets }) => [...tickets.values()].map(({ job }) => job)));
      this.pump();
    }, blameAfterMs).unref();
    this.pump();
  }

  #cancelQuarantined(jobs: readonly Job[]): void {
    for (const job of jobs) {
      // For one that is held the obituary comes next: it says whether the job has to answer for the death.
      if (job.stage.at === 'held' || this.#ports.standing(job) !== 'quarantined') continue;
      this.cancel(job, new PileusError('quarantined'));
    }
  }

  #waiting(isMeant: (job: Job) => boolean = () => true): readonly Job[] {
    return [...this.#admission.candidates(Number.POSITIVE_INFINITY, (job) => !isMeant(job))];
  }

  noteEvent(backend: Backend, event: WorkerEvent): void {
    if (event.type === 'load') {
      backend.noteLoad(event.load);
      return;
    }
    const ticket = backend.noteEvent(event);
    if (ticket && event.type === 'fetched' && event.facts) {
      this.#ports.onFetched(ticket.job, event.facts, event.checkedAtMs ?? null);
      ticket.job.facts = event.facts;
      ticket.job.price = this.#ports.price(ticket.job);
      this.#noteLight(ticket.job);
      this.#priceWaiting(ticket.job.sourceId, event.facts);
    }
    this.pump();
  }

  noteObituary(obituary: Obituary): void {
    this.#obituaries.note(obituary);
  }

  /**
   * A worker for something that needs no place (originals, revalidation): the one that has the source, or its own.
   */
  anyBackend(sourceId: string): Backend | null {
    const open = this.#pool.open();
    const holder = this.#holders.of(sourceId);
    const slot =
      holder?.slot ??
      rendezvousSlot(
        sourceId,
        open.map((backend) => backend.slot),
      );
    return open.find((backend) => backend.slot === slot) ?? open[0] ?? null;
  }

  /** A place is kept for what a heavy job would hold up out of proportion, not for what is just below a heavy one. */
  #noteLight(job: Job): void {
    const { known, ms } = job.price;
    if (known && ms <= lightShare * this.#ports.config().heavyJobMs) this.#lastLightMs = this.#clock.nowMs();
  }

  /**
   * Gives places to jobs until no job fits any place. While light jobs are about, heavy ones leave them a CPU place; a
   * node that has nothing but heavy ones for `lightMemoryMs` gives them all (decision 0007).
   */
  pump(): void {
    const config = this.#ports.config();
    const backends = this.#pool.open();
    if (this.#admission.jobs === 0 || backends.length === 0) return;
    const nowMs = this.#clock.nowMs();
    const views = new Map(backends.map((backend) => [backend, backend.view()]));
    // With a full queue this is the usual end. A job that has to run alone still has to have a worker emptied for it.
    if (this.#alone.size === 0 && ![...views.values()].some((view) => hasPlace(view, config))) return;
    const origins = this.#originPlaces(config);
    const isHeld = (job: Job): boolean => {
      const held = this.#locks.has(job.sourceId) || (job.remote && origins.isFull(job.source.ns));
      // Pumped after every change: what was held the last time has been until now.
      if (held || job.isHeld) job.heldUntilMs = nowMs;
      job.isHeld = held;
      return held;
    };
    const reserved = nowMs - this.#lastLightMs < config.lightMemoryMs;
    const heavyMax = reserved ? heavyPlaces(backends.length, config.lbs) : Number.POSITIVE_INFINITY;
    this.#heldBack = new Set();
    let hasShed = false;
    let heavyOut = 0;
    for (const backend of backends) for (const ticket of backend.tickets.values()) if (isHeavyOut(ticket)) heavyOut++;

    for (const job of this.#admission.candidates(lookaheadJobs, isHeld)) {
      if (job.price.heavy && heavyOut >= heavyMax) {
        if (reserved) this.#lookAgain.wakeIn(this.#lastLightMs + config.lightMemoryMs - nowMs);
        continue;
      }
      if (backends.length === 1 && this.#waitsForSecondWorker(job, config, nowMs)) {
        this.#heldBack.add(job.sourceId);
        continue;
      }
      const backend = this.#choose(job, backends, views, reserved, config, nowMs);
      if (!backend) continue;
      this.#admission.remove(job);
      if (this.#admission.shouldShed(job, this.#ports.meanJobMs(), nowMs, config)) {
        this.#ports.onShed('codel');
        this.#settle(job, { ok: false, error: overloaded(this.predictedWaitMs(), 'shed'), report: null, slot: null });
        hasShed = true;
        continue;
      }
      const granted = job.price.heavy || (!job.price.known && heavyOut < heavyMax);
      this.#send(job, backend, granted, config, nowMs);
      const ticket = backend.tickets.get(job.jobId);
      if (ticket && isHeavyOut(ticket)) heavyOut++;
      if (job.remote) origins.add(job.source.ns);
      views.set(backend, backend.view());
    }
    // Their places are still free for those that stood too far behind to be looked at.
    if (hasShed) this.pump();
  }

  /**
   * What has killed a worker may kill the next: while the dead one is being replaced it does not get the only one left,
   * which serves everybody else. Not for ever, should the other not come back.
   */
  #waitsForSecondWorker(job: Job, { workers }: DispatchConfig, nowMs: number): boolean {
    const leftMs = this.#lastDeathMs + secondWorkerMsMax - nowMs;
    if (workers === 1 || leftMs <= 0) return false;
    if (!job.exclusive && this.#ports.standing(job) !== 'struck') return false;
    this.#lookAgain.wakeIn(leftMs);
    return true;
  }

  #originPlaces(config: DispatchConfig): OriginPlaces {
    const backends = this.#pool.open();
    const origins = new OriginPlaces(backends.length * remotePlaces(config), config.remoteOrigins);
    for (const backend of backends) {
      for (const { job, inside } of backend.tickets.values()) {
        if (job.remote && inside === 'fetching') origins.add(job.source.ns);
      }
    }
    return origins;
  }

  /**
   * Namespaces and sources whose queued jobs wait for something else than a place: for an origin whose places are all
   * taken, for the one job that fetches for all of them, or, where a worker has died of the source, for their turn.
   */
  #heldGroups(config: DispatchConfig): readonly string[] {
    const full = this.#originPlaces(config).full();
    const groups = [...full, ...this.#heldBack];
    for (const backend of this.#pool.all()) {
      for (const { job, inside } of backend.tickets.values()) {
        if (this.#locks.get(job.sourceId) !== job.jobId || full.includes(job.source.ns)) continue;
        const isDeadly = job.stage.at === 'held' || this.#ports.standing(job) === 'struck';
        if (inside === 'fetching' || isDeadly) groups.push(job.sourceId);
      }
    }
    return groups;
  }

  #choose(
    job: Job,
    backends: readonly Backend[],
    views: ReadonlyMap<Backend, BackendView>,
    reserved: boolean,
    config: DispatchConfig,
    nowMs: number,
  ): Backend | null {
    const chosen = chooseBackend(this.#view(job, backends, nowMs), [...views.values()], reserved, config, {
      rng: this.#rng,
      turn: this.#turn,
    });
    if (chosen) return backends.find((backend) => views.get(backend) === chosen) ?? null;
    if (job.exclusive && !backends.some((backend) => backend.exclusiveFor === job.jobId)) {
      // A job that has to run alone would starve: one worker is emptied for it.
      const emptiest = backends
        .filter((each) => each.exclusiveFor === null)
        .sort((a, b) => a.tickets.size - b.tickets.size)[0];
      if (emptiest) emptiest.exclusiveFor = job.jobId;
    }
    return null;
  }

  #view(job: Job, backends: readonly Backend[], nowMs: number): JobView {
    const fetching = backends.find((backend) =>
      [...backend.tickets.values()].some(
        (ticket) => ticket.inside === 'fetching' && ticket.job.sourceId === job.sourceId,
      ),
    );
    const holder = this.#holders.of(job.sourceId);
    const held =
      holder && backends.some((each) => each.slot === holder.slot && each.entry.generation === holder.generation);
    return {
      jobId: job.jobId,
      source: job.sourceId,
      costPixels: job.price.costPixels,
      heavy: job.price.heavy,
      remote: job.remote,
      exclusive: job.exclusive,
      fetchingAt: fetching?.slot ?? null,
      heldBy: held ? holder.slot : null,
      avoid: job.avoid && nowMs < job.avoid.untilMs ? job.avoid.slot : null,
    };
  }

  #send(
    job: Job,
    backend: Backend,
    heavyGranted: boolean,
    config: DispatchConfig,
    nowMs: number,
    carried: Carried | null = null,
  ): void {
    const ticket: Ticket = {
      job,
      slot: backend.slot,
      generation: backend.entry.generation,
      abort: new AbortController(),
      heavyGranted,
      inside: 'fetching',
    };
    backend.tickets.set(job.jobId, ticket);
    if (job.exclusive) backend.exclusiveFor = job.jobId;
    if (!this.#ports.isProven(job)) this.#locks.set(job.sourceId, job.jobId);
    job.stage = { at: 'sent', ticket };
    job.queueMs += nowMs - job.waitingSinceMs;
    this.#turn++;
    backend.client
      .sendJob(
        orderOf(job, heavyGranted, config, carried),
        carried?.body ?? null,
        config.resultBytesMax,
        ticket.abort.signal,
      )
      .then(
        (answer) => this.#answered(ticket, backend, answer),
        (error: unknown) => this.#failed(ticket, backend, error),
      );
  }

  #answered(ticket: Ticket, backend: Backend, answer: JobAnswer): void {
    const { job } = ticket;
    const fetchedForAll = this.#locks.get(job.sourceId) === job.jobId;
    this.#release(ticket, backend);
    if (answer.report) {
      backend.noteLoad(answer.report.load);
      if (answer.report.facts) {
        job.facts = answer.report.facts;
        this.#holders.note(job.sourceId, ticket);
        this.#priceWaiting(job.sourceId, answer.report.facts);
      }
      const { cost, joined } = answer.report;
      if (cost && !joined) backend.notePicture(job.price, cost.actualMs, this.#clock.nowMs());
      this.#ports.onReport(job, answer.report, ticket.slot, ticket.generation);
    }
    switch (answer.kind) {
      case 'result':
        this.#settle(job, { ok: true, bytes: answer.bytes, report: answer.report, slot: ticket.slot });
        break;
      case 'error':
        this.#settle(job, { ok: false, error: answer.error, report: answer.report, slot: ticket.slot });
        if (fetchedForAll && isOfTheFetch(answer.error)) this.#shareFailure(job, answer);
        break;
      case 'redirect':
        this.#redirected(ticket, answer.report, answer.carried);
        break;
    }
    this.pump();
  }

  /** Jobs that waited for this one's fetch share its end: an origin that is down is not asked again for each of them. */
  #shareFailure({ sourceId }: Job, { error, report }: Extract<JobAnswer, { kind: 'error' }>): void {
    for (const other of this.#waiting((each) => each.sourceId === sourceId)) {
      this.#admission.remove(other);
      this.#settle(other, { ok: false, error, report, slot: null });
    }
  }

  /** What one job has found out of its source is known to those that wait for the same one. */
  #priceWaiting(sourceId: string, facts: SourceFacts): void {
    for (const other of this.#waiting((each) => each.sourceId === sourceId && each.facts === null)) {
      this.#admission.remove(other);
      other.facts = facts;
      other.price = this.#ports.price(other);
      this.#noteLight(other);
      this.#admission.reenter(other);
    }
  }

  /** A worker gave the job back. Its source's bytes, if they come along, go straight to a worker with a place. */
  #redirected(ticket: Ticket, report: JobReport, carried: Carried['body'] | null): void {
    const { job } = ticket;
    const config = this.#ports.config();
    const nowMs = this.#clock.nowMs();
    this.#ports.onRedirect(report.redirect?.reason ?? 'draining');
    if (job.stage.at === 'settled') {
      carried?.destroy();
      return;
    }
    job.redirects++;
    job.attempt++;
    job.avoid = { slot: ticket.slot, untilMs: nowMs + avoidMs };
    job.price = this.#ports.price(job);
    job.waitingSinceMs = nowMs;
    if (job.redirects > config.redirectsMax) {
      carried?.destroy();
      this.#settle(job, { ok: false, error: overloaded(this.predictedWaitMs()), report, slot: ticket.slot });
      return;
    }
    job.stage = { at: 'queued' };
    const backends = this.#pool.open();
    const views = new Map(backends.map((backend) => [backend, backend.view()]));
    const next =
      carried && report.facts && !job.price.heavy ? this.#choose(job, backends, views, true, config, nowMs) : null;
    if (next && carried && report.facts) {
      this.#send(job, next, false, config, nowMs, {
        body: carried,
        facts: report.facts,
        checkedAtMs: report.checkedAtMs ?? null,
      });
      return;
    }
    carried?.destroy();
    this.#requeue(job);
    // A little later than the avoidance ends: timers may come up to a millisecond early.
    setTimeout(() => this.pump(), avoidMs + 2).unref();
  }

  /** The socket broke, or the order was aborted. */
  #failed(ticket: Ticket, backend: Backend, error: unknown): void {
    const { job } = ticket;
    if (ticket.abort.signal.aborted) {
      this.#release(ticket, backend);
      this.pump();
      return;
    }
    if (error instanceof CarriedBroken) {
      this.#release(ticket, backend);
      if (job.stage.at !== 'settled') this.#putBack(job);
      this.pump();
      return;
    }
    this.#eject(backend);
    if (job.stage.at !== 'settled') job.stage = { at: 'held', ticket };
    this.#obituaries.await(ticket.slot, ticket.generation, (obituary) => {
      this.#release(ticket, backend);
      if (obituary === null) this.#tryAgain(backend);
      this.#afterDeath(ticket, obituary, error);
      this.pump();
    });
  }

  /** A connection to this worker broke that carried no job: it gets nothing more until the master has looked. */
  noteBroken(backend: Backend): void {
    this.#eject(backend);
    this.#tryAgain(backend);
  }

  #eject(backend: Backend): void {
    if (backend.broken) return;
    this.#workers.changed();
    backend.broken = true;
    this.#lastDeathMs = this.#clock.nowMs();
    this.#workers.changed();
    this.#ports.onBroken(backend.slot, backend.entry.generation);
  }

  /** A socket broke and nobody died, or nobody has been told yet: after a while the worker is tried again. */
  #tryAgain(backend: Backend): void {
    setTimeout(() => {
      backend.broken = false;
      this.pump();
    }, ejectMs).unref();
  }

  #afterDeath(ticket: Ticket, obituary: Obituary | null, cause: unknown): void {
    const { job } = ticket;
    if (job.stage.at === 'settled') return;
    const verdict = afterDeath(
      { jobId: job.jobId, retries: job.retries, inside: ticket.inside, deaths: job.deaths },
      obituary,
      this.#ports.config(),
      this.#budget,
    );
    switch (verdict.do) {
      case 'fail':
        this.#settle(job, {
          ok: false,
          error: new PileusError(verdict.error.code, { cause }),
          report: null,
          slot: ticket.slot,
        });
        return;
      case 'retry-alone':
        job.exclusive = true;
        this.#alone.add(job.jobId);
        job.retries++;
        job.deaths++;
        this.#ports.onRetry();
        break;
      case 'requeue':
        if (verdict.suspected) job.deaths++;
        break;
    }
    this.#putBack(job);
  }

  /** Into the queue again, as one more attempt. */
  #putBack(job: Job): void {
    job.attempt++;
    job.waitingSinceMs = this.#clock.nowMs();
    job.stage = { at: 'queued' };
    this.#requeue(job);
  }

  #requeue(job: Job): void {
    const { redirectsMax, retriesMax } = this.#ports.config();
    if (job.attempt > redirectsMax + retriesMax + freeAttemptsMax) {
      this.#settle(job, { ok: false, error: overloaded(this.predictedWaitMs()), report: null, slot: null });
      return;
    }
    this.#admission.reenter(job);
    if (this.#ports.standing(job) === 'quarantined') this.cancel(job, new PileusError('quarantined'));
    else if (this.#clock.nowMs() >= job.deadlineMs) this.cancel(job, new PileusError('request_deadline'));
    else if (!this.#ports.isAwaited(job)) this.cancel(job, new PileusError('client_gone'));
  }

  #release(ticket: Ticket, backend: Backend): void {
    const { job } = ticket;
    backend.tickets.delete(job.jobId);
    if (backend.exclusiveFor === job.jobId) backend.exclusiveFor = null;
    if (this.#locks.get(job.sourceId) === job.jobId) this.#locks.delete(job.sourceId);
  }

  #settle(job: Job, outcome: JobOutcome): void {
    if (job.stage.at === 'settled') return;
    job.stage = { at: 'settled' };
    this.#alone.delete(job.jobId);
    for (const backend of this.#pool.all())
      if (backend.exclusiveFor === job.jobId && !backend.tickets.has(job.jobId)) backend.exclusiveFor = null;
    job.settle(outcome.ok ? outcome : { ...outcome, error: asPileusError(outcome.error) });
  }
}

/** Up to this share of `heavyJobMs` a job is one that heavy ones leave a place for. */
const lightShare = 0.5;
/** Jobs of each lane that are tried per turn when those before them do not fit. */
const lookaheadJobs = 32;
const blameAfterMs = 10;
/** The master's obituary follows a broken socket within milliseconds; longer than this it is not waited for. */
const obituaryMs = 250;
/** A job that was handed back does not go to the same worker for this long. */
const avoidMs = 100;
/** Requeues that nobody is charged for: a bound against any loop that nobody thought of. */
const freeAttemptsMax = 8;
/** What has killed a worker waits this long after a death for there to be two. */
const secondWorkerMsMax = 3000;
/** A worker whose socket broke although it lives gets no work for this long. */
const ejectMs = 1000;
const noWorker = (): PileusError => new PileusError('no_worker', { retryAfterS: 1 });

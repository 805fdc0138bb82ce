import type { Config } from '../config/config.ts';
import type { LoadResult } from '../config/load-config.ts';
import { thisMachine, workersThatFit } from '../config/machine.ts';
import type { ChildIdentity, Fact, Order } from '../ipc/messages.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log, OpenLog } from '../shared/log.ts';
import { RateWindow } from '../shared/rate-window.ts';
import type { Rng } from '../shared/rng.ts';
import type { AdminView } from './admin-server.ts';
import { affinityArguments, cpuFor } from './affinity.ts';
import { JobRing } from './blame/job-ring.ts';
import { Blame } from './blame/strikes.ts';
import { withOptions } from './config-change.ts';
import { ConfigRollout } from './config-rollout.ts';
import { Coroner } from './coroner.ts';
import { CounterLedger } from './counter-ledger.ts';
import { Entrance } from './entrance.ts';
import { FlightRecorder } from './flight-recorder.ts';
import { LbTables } from './lb-tables.ts';
import { type MasterMetrics, showTables } from './metrics.ts';
import { MetricsLedger } from './metrics-ledger.ts';
import { MetricsPoll } from './metrics-poll.ts';
import { OomWatch } from './oom-watch.ts';
import type { ParentDeath } from './parent-death.ts';
import { PublicPort } from './public-port.ts';
import { Purges } from './purges.ts';
import { type Action, reconcile, type Wanted } from './reconcile.ts';
import { recycleAfterJobs } from './recycle-policy.ts';
import { renewBefore } from './rolling-restart.ts';
import type { RuntimeFolder } from './runtime-folder.ts';
import { schedulingArguments } from './scheduling.ts';
import { intentOf, type SignalName } from './signals.ts';
import { hasChild, isReady, type RawExit, type SlotWithChild } from './slot.ts';
import { SlotTable } from './slot-table.ts';
import { isServing, nodeStats } from './stats.ts';
import { openSupervisor, type Supervisor } from './supervisor.ts';

export type ControlPlaneParts = Readonly<{
  config: Config;
  reload: () => Promise<LoadResult>;
  script: string;
  parentDeath: ParentDeath;
  /** Those that workers may be tied to (affinity.ts). */
  cpus: readonly number[];
  /** Can workers be of the kernel's idle class (scheduling.ts)? */
  hasIdleClass: boolean;
  folder: RuntimeFolder;
  recordsFolder: string;
  openedLog: OpenLog;
  metrics: MasterMetrics;
  clock: Clock;
  rng: Rng;
  /** Called once, with the public port. */
  onServing: (port: number) => void;
}>;

const quickStopMs = 2000;
const workersMax = 256;
/** A minute of a busy node. */
const jobsRemembered = 10_000;
const sampleEveryMs = 1000;
/** Lines of children's standard error that are logged a second; their last words are kept in any case. */
const stderrLinesMax = 50;
/** This close to its limit, a worker that the kernel killed was probably killed for its memory. */
const memoryShortShare = 0.9;

/**
 * The loop of the master, and the wiring around it: facts and ends change tables and wake it; a turn compares the
 * tables with what is wanted, does what `reconcile` says, and sleeps until the next moment of interest.
 */
export class ControlPlane {
  readonly #parts: ControlPlaneParts;
  readonly #log: Log;
  readonly #supervisor: Supervisor;
  readonly #table: SlotTable;
  readonly #rollout: ConfigRollout;
  readonly #blame: Blame;
  readonly #recorder: FlightRecorder;
  readonly #coroner: Coroner;
  readonly #lbTables: LbTables;
  readonly #entrance: Entrance;
  readonly #purges: Purges;
  readonly #jobs = new JobRing(jobsRemembered);
  readonly #ledger = new MetricsLedger();
  readonly #poll = new MetricsPoll((generation) => this.#supervisor.send(generation, { type: 'tell-metrics' }));
  readonly #counters = new CounterLedger();
  readonly #oom = new OomWatch();
  readonly #port = new PublicPort();
  readonly #stderrLines = new RateWindow(1000, stderrLinesMax);
  readonly #startedAtMs: number;

  #configuredWorkers: number;
  #wantedWorkers: number;
  #stop: Wanted['stop'] = null;
  #exitCode = 0;
  #killsFromMs = 0;
  #nextGeneration = 1;
  #lastBootFault = '';
  #hasServed = false;
  #nextSampleMs = 0;
  #sleepsUntilMs: number;
  #timer: NodeJS.Timeout | undefined;
  #turnIsDue = false;
  #end: (() => void) | null = null;

  constructor(parts: ControlPlaneParts) {
    const { config, clock, metrics } = parts;
    const { options } = config;
    this.#parts = parts;
    this.#log = parts.openedLog.log;
    this.#startedAtMs = clock.nowMs();
    this.#sleepsUntilMs = this.#startedAtMs;
    this.#configuredWorkers = options.workers;
    this.#wantedWorkers = options.workers;
    metrics.revision.set(config.revision);

    const send = (generation: number, order: Order): void => void this.#supervisor.send(generation, order);
    this.#table = new SlotTable(parts.rng);
    this.#blame = new Blame(options);
    this.#recorder = new FlightRecorder(parts.recordsFolder, options.flightRecordsMax);
    this.#coroner = new Coroner({
      blame: this.#blame,
      jobs: this.#jobs,
      recorder: this.#recorder,
      log: this.#log,
      metrics,
      clock,
    });
    this.#lbTables = new LbTables(this.#table, this.#blame, send);
    this.#entrance = new Entrance(send);
    this.#purges = new Purges((generation, purgeId, scope) => send(generation, { type: 'purge', purgeId, scope }));
    this.#supervisor = openSupervisor(parts.script, parts.parentDeath, {
      onFact: (generation, fact) => this.#heard(generation, fact),
      onExit: (generation, raw) => this.#ended(generation, raw),
      onStderrLine: (identity, line) => this.#saidOnStderr(identity, line),
    });
    this.#rollout = new ConfigRollout(config, {
      reload: parts.reload,
      readyChildren: () =>
        this.#table.slots
          .filter(isReady)
          .map(({ role, slot, child }) => ({ role, slot, generation: child.generation })),
      send,
      nextGeneration: () => this.#nextGeneration,
      nowMs: clock.nowMs,
      wake: () => this.#wake(),
      onInForce: (inForce) => this.#inForce(inForce),
      log: this.#log,
      metrics,
    });
  }

  /** Keeps children alive until a stop is over; gives the exit code. */
  run(): Promise<number> {
    return new Promise((resolve) => {
      this.#end = () => resolve(this.#exitCode);
      this.#wake();
    });
  }

  signalled(signal: SignalName): void {
    const intent = intentOf(signal, this.#stop !== null);
    this.#log.info({ event: 'signal', signal, intent });
    switch (intent) {
      case 'drain':
        this.#stopWithin(this.#rollout.current.options.drainMs, false);
        break;
      case 'stop-quickly':
        this.#stopWithin(quickStopMs, true);
        break;
      case 'reload':
      case 'rolling-restart':
        if (!this.#stop) this.#rollout.ask(intent);
        break;
      case 'one-worker-more':
        this.#wantOneMore();
        break;
      case 'one-worker-fewer':
        this.#wantedWorkers = Math.max(1, this.#wantedWorkers - 1);
        break;
      case 'nothing':
        break;
    }
    this.#wake();
  }

  /** By signal as by configuration: no more workers than the memory holds. */
  #wantOneMore(): void {
    const most = Math.min(workersMax, workersThatFit(this.#rollout.current.options, thisMachine()));
    if (this.#wantedWorkers < most) this.#wantedWorkers += 1;
    else this.#log.warn({ event: 'worker-refused', workers: this.#wantedWorkers }, 'no memory for one worker more');
  }

  /** What the admin server shows and does. */
  get view(): AdminView {
    const { metrics } = this.#parts;
    return {
      isServing: () => isServing(this.#table.slots, this.#stop !== null),
      metricsText: async () => {
        await this.#poll.run(this.#table.slots.filter(isReady).map(({ child }) => child.generation));
        showTables(metrics, this.#table.slots, this.#blame.quarantined(this.#nowMs), this.#nowMs);
        return this.#ledger.text(await metrics.registry.getMetricsAsJSON());
      },
      stats: () =>
        nodeStats({
          revision: this.#rollout.current.revision,
          uptimeMs: this.#nowMs - this.#startedAtMs,
          slots: this.#table.slots,
          quarantined: this.#blame.quarantined(this.#nowMs),
          counters: this.#counters.total,
          nowMs: this.#nowMs,
        }),
      quarantined: () => this.#blame.quarantined(this.#nowMs),
      nowMs: () => this.#nowMs,
      release: (source) => {
        const released = this.#blame.release(source, this.#nowMs);
        this.#log.info({ event: 'quarantine-released', source, released });
        this.#lbTables.publishQuarantine(this.#nowMs);
        return released;
      },
      recordFlight: () => this.#coroner.record('on request', null),
      purge: async (scope) => {
        if (this.#purges.isFull) return null;
        const report = await this.#purges.run(scope, this.#lbTables.lbs);
        this.#log.info({ event: 'purge', scope, ...report });
        return report;
      },
    };
  }

  get #nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  // The loop

  #wake(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnIsDue = false;
    clearTimeout(this.#timer);
    const nowMs = this.#nowMs;
    this.#forgiveOwnSleep(nowMs);
    if (nowMs >= this.#nextSampleMs) {
      this.#recorder.sample(this.#table.slots, this.#parts.clock.wallMs());
      this.#nextSampleMs = nowMs + sampleEveryMs;
    }
    if (this.#blame.tick(nowMs)) this.#lbTables.publishQuarantine(nowMs);
    if (!this.#rollout.isAgreeing) this.#letIn(nowMs);

    const { actions, wakeAtMs } = reconcile(this.#wanted(nowMs), this.#table.slots, nowMs);
    for (const action of actions) this.#perform(action, nowMs);
    this.#lbTables.publishBackends();
    this.#rollout.tick(this.#table.slots, nowMs);
    this.#tellWhenServing();
    if (this.#stop && this.#table.slots.length === 0) {
      this.#end?.();
      return;
    }

    this.#sleepsUntilMs = Math.min(wakeAtMs, this.#blame.nextChangeMs, this.#rollout.nextMs, this.#nextSampleMs);
    // What was done has changed the table: look again at once.
    if (actions.length > 0) this.#wake();
    else this.#timer = setTimeout(() => this.#wake(), Math.max(0, Math.ceil(this.#sleepsUntilMs - nowMs)));
  }

  /** Stopped itself (SIGSTOP, a frozen cgroup), the master has not heard what was said meanwhile. */
  #forgiveOwnSleep(nowMs: number): void {
    const { heartbeatMs, heartbeatTimeoutMs } = this.#rollout.current.options;
    const lateMs = nowMs - this.#sleepsUntilMs;
    if (lateMs <= heartbeatTimeoutMs) return;
    this.#killsFromMs = nowMs + Math.max(sampleEveryMs, 2 * heartbeatMs);
    this.#log.warn({ event: 'sleep-forgiven', lateMs: Math.round(lateMs) }, 'the master had been stopped');
  }

  #wanted(nowMs: number): Wanted {
    const { options } = this.#rollout.current;
    return {
      lbs: options.lbs,
      workers: this.#wantedWorkers,
      renewBefore: renewBefore(this.#rollout.roll),
      stop: this.#stop,
      killsFromMs: this.#killsFromMs,
      limits: options,
      failedStarts: {
        lb: this.#table.failedStarts('lb', nowMs),
        worker: this.#table.failedStarts('worker', nowMs),
      },
    };
  }

  #perform(action: Action, nowMs: number): void {
    switch (action.do) {
      case 'spawn':
        this.#spawn(action, nowMs);
        break;
      case 'close':
        this.#table.close(action);
        break;
      case 'drain':
        this.#table.draining(action.generation, action.reason, action.killAtMs);
        this.#log.info({ event: 'child-draining', ...named(action), reason: action.reason });
        // The lbs hear of it first, so that few orders reach a worker that will hand them back.
        this.#lbTables.publishBackends();
        this.#supervisor.send(action.generation, { type: 'drain' });
        break;
      case 'kill':
        this.#table.killed(action.generation, action.cause, action.againAtMs);
        this.#log.warn({ event: 'child-killed', ...named(action), cause: action.cause });
        this.#supervisor.kill(action.generation);
        break;
      case 'give-up': {
        const why = this.#lastBootFault === '' ? '' : `: ${this.#lastBootFault}`;
        this.#log.fatal({ event: 'gave-up', of: action.role }, `giving up, no ${action.role} can start${why}`);
        this.#exitCode = 1;
        this.#stopWithin(quickStopMs, true);
        break;
      }
    }
  }

  #spawn({ role, slot }: Extract<Action, { do: 'spawn' }>, nowMs: number): void {
    const generation = this.#nextGeneration;
    this.#nextGeneration += 1;
    const { birth } = this.#rollout;
    const socketPath = this.#parts.folder.socketPath(slot, generation);
    const secrets = Object.values(birth.namespaces).flatMap(({ keys }) => keys.map(({ secret }) => secret));
    const launcher = role === 'worker' ? this.#workerLauncher(slot) : [];
    const pid = this.#supervisor.spawn({ role, slot, generation, socketPath }, secrets, launcher);
    if (pid === null) {
      this.#table.stillborn({ role, slot }, nowMs);
      this.#log.error({ event: 'spawn-failed', of: role, slot, generation }, 'the system would not start a process');
      return;
    }
    this.#parts.metrics.spawns.inc({ role });
    const child = { pid, generation, socketPath, bornAtMs: nowMs };
    this.#table.born({ role, slot }, child, nowMs + birth.options.readyTimeoutMs);
    this.#log.info({ event: 'child-spawned', of: role, slot, generation, childPid: pid });
  }

  #workerLauncher(slot: number): readonly string[] {
    const { workerAffinity, workerScheduling } = this.#rollout.birth.options;
    const cpu = cpuFor(slot, this.#wantedWorkers, workerAffinity === 'auto' ? this.#parts.cpus : []);
    return [...affinityArguments(cpu), ...schedulingArguments(workerScheduling, this.#parts.hasIdleClass)];
  }

  #stopWithin(withinMs: number, quick: boolean): void {
    const byMs = Math.min(this.#stop?.byMs ?? Number.POSITIVE_INFINITY, this.#nowMs + withinMs);
    this.#stop = { byMs, quick: quick || this.#stop?.quick === true };
    this.#log.info({ event: 'stopping', withinMs: Math.round(byMs - this.#nowMs) }, quick ? 'quick stop' : 'draining');
  }

  // Facts

  /** What comes with every job or every second wakes nobody: the next turn, a second away at most, is soon enough. */
  #heard(generation: number, fact: Fact): void {
    const slot = this.#table.find(generation);
    if (!slot) return;
    const nowMs = this.#nowMs;
    this.#table.heard(generation, fact, nowMs, this.#rollout.current.options.workerRssMax);
    this.#rollout.heard(generation, fact);
    switch (fact.type) {
      case 'hello':
        this.#entrance.hello(generation, slot.role, this.#bootConfig(slot));
        break;
      case 'ready':
        this.#entrance.ready(generation, fact.port);
        break;
      case 'boot-failed':
        this.#bootFailed(slot, fact.message, nowMs);
        break;
      case 'beat':
        if (fact.beat.role === 'lb') this.#counters.beat(generation, fact.beat.counters);
        return;
      case 'metrics':
        this.#ledger.heard(generation, fact.metrics);
        this.#poll.heard(generation);
        return;
      case 'config-prepared':
        this.#entrance.prepared(generation, fact.revision);
        break;
      case 'config-refused':
        this.#bootFailed(slot, fact.reason, nowMs);
        break;
      case 'job-started':
        this.#jobs.started(slot.slot, generation, fact, nowMs);
        if (nowMs + fact.hardMs < this.#sleepsUntilMs) this.#wake();
        return;
      case 'job-ended':
        this.#jobs.ended(generation, fact, nowMs);
        return;
      case 'backend-broken':
        // A dead worker's exit is on its way. To an lb that is wrong about a living one the table is sent again.
        this.#parts.metrics.brokenBackends.inc();
        this.#log.debug({ event: 'backend-broken', slot: fact.slot, generation: fact.generation });
        this.#lbTables.sendAll(generation, nowMs);
        break;
      case 'purged':
        this.#purges.purged(generation, fact.purgeId, fact.results);
        break;
      case 'drained':
      case 'config-committed':
        break;
    }
    this.#wake();
  }

  #bootConfig(slot: SlotWithChild): Config {
    const { birth } = this.#rollout;
    if (slot.role === 'worker') return birth;
    const others = this.#table.slots.filter(
      (other) => other.role === 'lb' && hasChild(other) && other.state !== 'killed' && other.child !== slot.child,
    );
    return withOptions(birth, { port: this.#port.forNext(birth.options.port, others.length > 0) });
  }

  /** Only a child that has not served yet can fail to boot. */
  #bootFailed(slot: SlotWithChild, message: string, nowMs: number): void {
    if (slot.state !== 'starting') return;
    const name = { role: slot.role, slot: slot.slot, generation: slot.child.generation };
    this.#lastBootFault = message;
    this.#log.error({ event: 'child-failed', ...named(name) }, message);
    this.#perform({ ...name, do: 'kill', cause: 'boot-failed', againAtMs: nowMs + 1000 }, nowMs);
  }

  #letIn(nowMs: number): void {
    const { current } = this.#rollout;
    for (const { generation, port } of this.#entrance.letIn(current)) {
      const slot = this.#table.find(generation);
      if (slot?.state !== 'starting') continue;
      const jobs = recycleAfterJobs(current.options.recycleRequests, this.#parts.rng);
      this.#table.becameReady(generation, jobs, nowMs);
      const bootMs = Math.round(nowMs - slot.child.bornAtMs);
      this.#log.info({ event: 'child-ready', of: slot.role, slot: slot.slot, generation, bootMs });
      if (slot.role !== 'lb') continue;
      this.#port.listening(port);
      this.#lbTables.sendAll(generation, nowMs);
    }
  }

  #tellWhenServing(): void {
    const { found } = this.#port;
    if (this.#hasServed || found === null || !isServing(this.#table.slots, this.#stop !== null)) return;
    this.#hasServed = true;
    this.#parts.onServing(found);
  }

  /** What the master itself takes from a configuration. */
  #inForce(config: Config): void {
    const { options, revision } = config;
    // A number of workers that was changed by signal stays, unless the configuration now says another.
    if (options.workers !== this.#configuredWorkers) this.#wantedWorkers = options.workers;
    this.#configuredWorkers = options.workers;
    this.#parts.openedLog.setLevel(options.logLevel);
    this.#blame.setLimits(options);
    this.#recorder.setFilesMax(options.flightRecordsMax);
    this.#parts.metrics.revision.set(revision);
  }

  #saidOnStderr({ role, slot, generation }: ChildIdentity, line: string): void {
    if (this.#stderrLines.count(this.#nowMs) >= stderrLinesMax) return;
    this.#stderrLines.add(this.#nowMs);
    this.#log.warn({ event: 'child-stderr', of: role, slot, generation }, line);
  }

  // Ends

  #ended(generation: number, raw: RawExit): void {
    const nowMs = this.#nowMs;
    const slot = this.#table.find(generation);
    if (!slot) return;
    const end = this.#table.exited(generation, raw, this.#memoryWasShort(slot, raw), nowMs);
    if (!end) return;
    this.#entrance.gone(generation);
    this.#ledger.gone(generation);
    this.#poll.heard(generation);
    this.#counters.gone(generation);
    this.#purges.gone(generation);
    // What a child says of its failure is better than what it left on its standard error.
    if (end.exit === 'boot-failed' && end.cause !== 'boot-failed' && raw.stderrTail !== '')
      this.#lastBootFault = raw.stderrTail;

    // In this order, so that an lb that thinks of a retry already knows who is quarantined.
    if (this.#coroner.strike(end, nowMs)) this.#lbTables.publishQuarantine(nowMs);
    if (end.name.role === 'worker' && end.wasReady) this.#lbTables.publishObituary(end);
    this.#lbTables.publishBackends();
    this.#coroner.writeObituary(end);
    this.#rollout.gone(end);
    this.#wake();
  }

  #memoryWasShort(slot: SlotWithChild, { signal }: RawExit): boolean {
    if (signal !== 'SIGKILL' || slot.state === 'killed') return false;
    const beat = slot.state === 'starting' ? null : slot.beat;
    const rssBytes = beat?.role === 'worker' ? beat.load.rssBytes : 0;
    return this.#oom.grew() || rssBytes >= memoryShortShare * this.#rollout.current.options.workerRssMax;
  }
}

const named = ({ role, slot, generation }: Pick<ChildIdentity, 'role' | 'slot' | 'generation'>) => ({
  of: role,
  slot,
  generation,
});

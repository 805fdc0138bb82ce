import type { Config } from '../config/config.ts';
import { reloadRefusal } from '../config/diff-config.ts';
import type { LoadResult } from '../config/load-config.ts';
import type { Fact, Order, Role } from '../ipc/messages.ts';
import type { Log } from '../shared/log.ts';
import { rollRefusal, withoutKeys, withRestartOptionsOf } from './config-change.ts';
import { ConfigTransaction, type Verdict } from './config-transaction.ts';
import type { MasterMetrics } from './metrics.ts';
import { beginRoll, idle, isRollDone, isRollFailure, type Roll } from './rolling-restart.ts';
import type { ChildEnd, Slot } from './slot.ts';

/** What the roll-out needs of the rest of the master. */
export type RolloutHands = Readonly<{
  reload: () => Promise<LoadResult>;
  /** Children that serve and are to go on serving. */
  readyChildren: () => readonly Readonly<{ generation: number; role: Role; slot: number }>[];
  send: (generation: number, order: Order) => void;
  nextGeneration: () => number;
  nowMs: () => number;
  /** Something has begun that the loop has to look after. */
  wake: () => void;
  /** A configuration is in force: what the master itself takes from it. */
  onInForce: (config: Config) => void;
  log: Log;
  metrics: MasterMetrics;
}>;

type Phase = Readonly<{
  transaction: ConfigTransaction;
  answer: 'config-prepared' | 'config-committed';
  settle: (verdict: Verdict) => void;
}>;
type Work = 'reload' | 'rolling-restart';

/**
 * How a new configuration comes into force: one piece of work at a time, written straight down.
 *
 * `current` is what ready children run with, `birth` what new ones get; they differ only while a rolling restart
 * brings in options that running children cannot change, and carry the same revision even then.
 */
export class ConfigRollout {
  readonly #hands: RolloutHands;
  #current: Config;
  #birth: Config;
  #phase: Phase | null = null;
  #roll: Roll = idle;
  #endRoll: ((failure: string | null) => void) | null = null;
  /** Asked for and not begun: at most one of each kind. */
  readonly #asked: Work[] = [];
  #working = false;

  constructor(config: Config, hands: RolloutHands) {
    this.#current = config;
    this.#birth = config;
    this.#hands = hands;
  }

  get current(): Config {
    return this.#current;
  }
  get birth(): Config {
    return this.#birth;
  }
  get roll(): Roll {
    return this.#roll;
  }
  /** While a configuration is being agreed on, nobody new is let in: it would be asked by none. */
  get isAgreeing(): boolean {
    return this.#phase !== null;
  }
  /** When silence has lasted too long; Infinity: nothing is waited for. */
  get nextMs(): number {
    return this.#phase?.transaction.byMs ?? Number.POSITIVE_INFINITY;
  }

  ask(work: Work): void {
    if (!this.#asked.includes(work)) this.#asked.push(work);
    void this.#workOff();
  }

  heard(generation: number, fact: Fact): void {
    const transaction = this.#phase?.transaction;
    if (fact.type === this.#phase?.answer) transaction?.acknowledged(generation, fact.revision);
    if (fact.type === 'config-refused') transaction?.refused(generation, fact.revision, fact.reason);
  }

  gone(end: ChildEnd): void {
    this.#phase?.transaction.gone(end.child.generation);
    if (isRollFailure(this.#roll, end)) {
      this.#endRoll?.(`${end.name.role} ${end.name.slot} gen ${end.child.generation} did not get ready`);
    }
  }

  /** Once a turn: is anything that is waited for decided? */
  tick(slots: readonly Slot[], nowMs: number): void {
    const verdict = this.#phase?.transaction.verdict(nowMs);
    if (verdict) this.#phase?.settle(verdict);
    if (isRollDone(this.#roll, slots)) this.#endRoll?.(null);
  }

  async #workOff(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let work = this.#asked.shift(); work !== undefined; work = this.#asked.shift()) {
      try {
        await (work === 'reload' ? this.#reload() : this.#rollingRestart());
      } catch (err) {
        this.#hands.log.error({ event: 'config-refused', err }, 'the configuration could not be read');
      }
    }
    this.#working = false;
  }

  async #reload(): Promise<void> {
    const { log, metrics } = this.#hands;
    const fresh = await this.#load();
    const refusal = fresh && reloadRefusal(this.#current, fresh);
    if (refusal) this.#refuse(refusal);
    const verdict = fresh && !refusal ? await this.#agree(fresh) : null;
    if (!fresh || !verdict?.commit) {
      metrics.reloads.inc({ result: 'refused' });
      return;
    }
    this.#birth = fresh;
    metrics.reloads.inc({ result: 'committed' });
    log.info({ event: 'config-reloaded', revision: fresh.revision }, 'the new configuration is in force');
  }

  async #rollingRestart(): Promise<void> {
    const { log, metrics } = this.#hands;
    const before = this.#current;
    const fresh = await this.#load();
    const refusal = fresh && rollRefusal(before, fresh);
    if (refusal) this.#refuse(refusal);
    // Running children get what they can take first: from now on everybody knows the new revision.
    const agreed = fresh && !refusal ? await this.#agree(withRestartOptionsOf(before, fresh)) : null;
    if (!fresh || !agreed?.commit) {
      metrics.rollingRestarts.inc({ result: 'refused' });
      return;
    }

    log.info({ event: 'rolling-restart', revision: fresh.revision }, 'rolling restart begins');
    this.#birth = fresh;
    const failure = await this.#replaceAll();
    if (failure === null) {
      this.#current = fresh;
      this.#hands.onInForce(fresh);
      metrics.rollingRestarts.inc({ result: 'done' });
      log.info({ event: 'rolling-restart', revision: fresh.revision }, 'rolling restart is done');
      return;
    }
    metrics.rollingRestarts.inc({ result: 'stopped' });
    const reverted = { ...before, revision: this.#current.revision + 1 };
    this.#birth = reverted;
    log.error(
      { event: 'rolling-restart', revision: reverted.revision },
      `rolling restart stopped, the others go on: ${failure}`,
    );
    await this.#agree(reverted);
  }

  /** Runs the roll to its end; null, or why it was stopped. */
  async #replaceAll(): Promise<string | null> {
    const { nextGeneration, nowMs, wake } = this.#hands;
    const failure = await new Promise<string | null>((resolve) => {
      this.#endRoll = resolve;
      this.#roll = beginRoll(nextGeneration(), nowMs());
      wake();
    });
    this.#roll = idle;
    this.#endRoll = null;
    return failure;
  }

  /** The configuration as it is written now, with the next revision; null and a log line where it is faulty. */
  async #load(): Promise<Config | null> {
    const loaded = await this.#hands.reload();
    if (loaded.ok) return { ...loaded.config, revision: this.#current.revision + 1 };
    for (const { at, problem } of loaded.faults) this.#refuse(`${at}: ${problem}`);
    return null;
  }

  #refuse(reason: string): void {
    this.#hands.log.error({ event: 'config-refused', revision: this.#current.revision }, reason);
  }

  /** Brings a configuration into force in every ready child, or in none. */
  async #agree(config: Config): Promise<Verdict> {
    const { send, readyChildren, onInForce } = this.#hands;
    const asked = readyChildren();
    const { revision } = config;
    for (const { generation, role } of asked)
      send(generation, { type: 'config-prepare', config: configFor(role, config) });
    const verdict = await this.#wait('config-prepared', revision, asked);
    if (!verdict.commit) {
      for (const { generation } of asked) send(generation, { type: 'config-abort', revision });
      this.#refuse(verdict.reason);
      return verdict;
    }
    this.#current = config;
    // Workers first: an lb stamps the new revision into its orders from its commit on.
    for (const role of ['worker', 'lb'] as const) {
      const ofRole = asked.filter((child) => child.role === role);
      for (const { generation } of ofRole) send(generation, { type: 'config-commit', revision });
      // Who has died since it was asked will not answer.
      const serving = new Set(readyChildren().map(({ generation }) => generation));
      await this.#wait(
        'config-committed',
        revision,
        ofRole.filter(({ generation }) => serving.has(generation)),
      );
    }
    onInForce(config);
    return verdict;
  }

  async #wait(
    answer: Phase['answer'],
    revision: number,
    asked: ReturnType<RolloutHands['readyChildren']>,
  ): Promise<Verdict> {
    const names = new Map(asked.map(({ generation, role, slot }) => [generation, `${role} ${slot}`]));
    const transaction = new ConfigTransaction(revision, names, this.#hands.nowMs());
    const verdict = await new Promise<Verdict>((settle) => {
      this.#phase = { transaction, answer, settle };
      this.#hands.wake();
    });
    this.#phase = null;
    this.#hands.wake();
    return verdict;
  }
}

/** A worker never gets the signing keys. */
export const configFor = (role: Role, config: Config): Config => (role === 'worker' ? withoutKeys(config) : config);

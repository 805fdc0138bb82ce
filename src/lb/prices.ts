import { type Config, type NamespaceConfig, type Options, optionsFor } from '../config/config.ts';
import type { JobReport } from '../ipc/order.ts';
import { costPixelsPerMs } from '../plan/cost/coefficients.ts';
import { CostModel, isHeavy } from '../plan/cost.ts';
import { checkFrameLimits, checkLimits } from '../plan/header/check-limits.ts';
import type { Header, SourceFacts } from '../plan/header.ts';
import { type KnownMark, marksOf, withMarks } from '../plan/marks.ts';
import type { Plan } from '../plan/plan.ts';
import { resolve } from '../plan/resolve.ts';
import type { Resolved } from '../plan/resolved.ts';
import type { Clock } from '../shared/clock.ts';
import { Ewma } from '../shared/ewma.ts';
import type { Price } from './job.ts';

/**
 * What jobs will cost: by the cost model where the source's header is known, else by the mean of recent jobs. Learns
 * from every answer.
 */
export class Prices {
  readonly #model = new CostModel();
  readonly #clock: Clock;
  readonly #meanMs = new Ewma(30_000, 30);
  readonly #meanCostPixels = new Ewma(30_000, 2e6);
  readonly #meanBytes = new Ewma(30_000, 1e6);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A price for this plan on a source of which `facts` are known, or nothing is. A plan with marks of which one is not known is
   * priced as if nothing were.
   */
  price(
    plan: Plan,
    facts: SourceFacts | null,
    config: Config,
    namespace: NamespaceConfig,
    { marks = [], resolved }: PriceHints = {},
  ): Price {
    const integers =
      resolved === undefined && facts !== null
        ? tryResolve(plan, facts.header, config, namespace, marks)
        : (resolved ?? null);

    if (facts !== null && isOnlyLookedAt(plan, facts.header, integers, optionsFor(config, namespace))) {
      return {
        ms: lookMs,
        costPixels: Math.round(lookMs * costPixelsPerMs),
        heavy: false,
        known: true,
        bytes: facts.bytes,
      };
    }
    if (facts === null || integers === null) {
      return {
        ms: this.#meanMs.value,
        costPixels: this.#meanCostPixels.value,
        heavy: false,
        known: facts !== null && marks.length === marksOf(plan).length,
        bytes: facts?.bytes ?? this.#meanBytes.value,
      };
    }
    const cost = this.#model.predict(integers);
    return {
      ms: cost.ms,
      costPixels: cost.costPixels,
      heavy: isHeavy(cost, optionsFor(config, namespace)),
      known: true,
      bytes: facts.bytes,
    };
  }

  /** Learns from an answer what this picture really took. */
  learn(plan: Plan, report: JobReport, config: Config, namespace: NamespaceConfig): void {
    // Priced, and handed back or refused before it ran.
    if (report.cost === null || report.cost.actualMs === 0) return;
    if (report.facts === null || report.joined) return;
    const nowMs = this.#clock.nowMs();
    const resolved = tryResolve(plan, report.facts.header, config, namespace, report.marks);
    if (resolved === null) return;
    this.#model.learn(resolved, report.cost.actualMs, nowMs);
    if (isHeavy({ ms: report.cost.actualMs }, optionsFor(config, namespace))) return;
    this.#meanMs.add(report.cost.actualMs, nowMs);
    this.#meanCostPixels.add(report.cost.costPixels, nowMs);
    this.#meanBytes.add(report.facts.bytes, nowMs);
  }

  get meanJobMs(): number {
    return this.#meanMs.value;
  }

  get meanCostPixels(): number {
    return this.#meanCostPixels.value;
  }
}

/** What is known beside the source: its marks, and what `tryResolve` gave with them, where somebody has asked it already. */
export type PriceHints = Readonly<{ marks?: readonly KnownMark[]; resolved?: Resolved | null | undefined }>;

/** What a job takes that decodes nothing. */
const lookMs = 1;

/** Will nothing of this source be decoded: for a view of its header, or since it is over the limits? */
function isOnlyLookedAt(plan: Plan, header: Header, resolved: Resolved | null, limits: Options): boolean {
  if (plan.view === 'info' || plan.view === 'explain') return true;
  if (checkLimits(header, limits) !== null) return true;
  return resolved !== null && checkFrameLimits(header, resolved.input, limits) !== null;
}

/**
 * The plan in integers, or null where it cannot be: the worker says why. `marks` are the other originals that it draws, as far as they
 * are known; while one is missing the plan cannot be either.
 */
export function tryResolve(
  plan: Plan,
  header: Header,
  config: Config,
  namespace: NamespaceConfig,
  marks: readonly KnownMark[] = [],
): Resolved | null {
  try {
    return resolve(plan, header, {
      options: optionsFor(config, namespace),
      animated: namespace.animated,
      truncatedOk: namespace.truncated === 'ok',
      assets: withMarks(config.assets, marks),
    });
  } catch {
    return null;
  }
}

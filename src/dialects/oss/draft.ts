import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { EncodeWish, Measures, Plan, Rgba, Step, View } from '../../plan/plan.ts';
import { refusal } from './refusal.ts';

/** What a grammar means where a URL says nothing. */
export type DraftDefaults = Readonly<{
  orient: boolean;
  /** Of pictures in this format. */
  encode: (format: EncodeWish['format']) => Omit<EncodeWish, 'format'>;
}>;

type Fill = Readonly<{ colour: Rgba; action: string; where: 'everywhere' | 'where-opaque' }>;

/** Formats that keep what is transparent. `source` may turn out to be JPEG. */
const transparentFormats: ReadonlySet<EncodeWish['format']> = new Set(['png', 'webp', 'avif', 'gif', 'tif']);

/**
 * A plan while the actions of a process are read, from left to right: steps are appended, wishes for the encoder are set
 * once. A plan has one background, so all actions that fill have to agree on their colour.
 */
export class Draft {
  readonly #steps: Step[] = [];
  readonly #fills: Fill[] = [];
  readonly #wished = new Set<string>();
  readonly #defaults: DraftDefaults;
  #orient: boolean;
  #encode: Partial<EncodeWish> = {};
  #view: View = 'image';
  #report: Plan['report'];
  #measures: Plan['measures'];

  constructor(defaults: DraftDefaults) {
    this.#defaults = defaults;
    this.#orient = defaults.orient;
  }

  /** Has something been done to the picture already? */
  get isBegun(): boolean {
    return this.#steps.length > 0;
  }

  /** Is something told of the picture, in place of the picture itself? */
  get isView(): boolean {
    return this.#view !== 'image';
  }

  add(...steps: readonly Step[]): void {
    this.#steps.push(...steps);
  }

  /** Sets wishes for the encoder. Throws bad_operation where the action has spoken before. */
  wish(action: string, encode: Partial<EncodeWish>): void {
    this.#once(action);
    this.#encode = { ...this.#encode, ...encode };
  }

  /** Makes the picture upright before all steps, or not. Throws bad_operation where the action has spoken before. */
  orient(action: string, orient: boolean): void {
    this.#once(action);
    this.#orient = orient;
  }

  /** An action fills with this colour; `where-opaque`: only what the format cannot keep transparent. */
  fill(action: string, colour: Rgba, where: Fill['where'] = 'everywhere'): void {
    this.#fills.push({ action, colour, where });
  }

  view(view: View, report: NonNullable<Plan['report']>, measures?: Measures): void {
    this.#view = view;
    this.#report = report;
    this.#measures = measures;
  }

  /** The plan in canonical form. Throws operation_unsupported where fills differ in colour. */
  toPlan(): Plan {
    const format = this.#encode.format ?? 'source';
    const background = this.#background(format);
    const encode: EncodeWish =
      this.#view === 'image'
        ? {
            ...this.#defaults.encode(format),
            ...this.#encode,
            format,
            ...(background === null ? {} : { background }),
          }
        : { format: 'source' };
    return canonicalPlan(
      {
        view: this.#view,
        decode: { orient: this.#orient, frames: 'auto' },
        steps: this.#steps,
        encode,
        ...(this.#report === undefined ? {} : { report: this.#report }),
        ...(this.#measures === undefined ? {} : { measures: this.#measures }),
      },
      Number.POSITIVE_INFINITY,
    );
  }

  #background(format: EncodeWish['format']): Rgba | null {
    let first: Fill | null = null;
    for (const fill of this.#fills) {
      if (fill.where === 'where-opaque' && transparentFormats.has(format)) continue;
      first ??= fill;
      if (fill.colour === first.colour) continue;
      throw refusal(
        'operation_unsupported',
        `\`${first.action}\` and \`${fill.action}\` fill with different colours; one picture has one here.`,
        'NotImplemented',
      );
    }
    return first === null ? null : first.colour;
  }

  #once(action: string): void {
    if (this.#wished.has(action)) throw refusal('bad_operation', `\`${action}\` stands twice.`);
    this.#wished.add(action);
  }
}

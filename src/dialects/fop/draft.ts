import type { FormatWish, MetadataPolicy, Quality, Rgba, Step } from '../../plan/plan.ts';
import { white } from '../../plan/resolve/format.ts';
import { unsupported } from './refusals.ts';

/**
 * A plan under way: what the operations of a chain have said so far, left to right. Between two pipes nothing is written: what the
 * result is encoded as is what the last operation said that says anything of it.
 */
export type Draft = {
  readonly steps: Step[];
  upright: boolean;
  format: FormatWish;
  quality: Quality | null;
  progressive: boolean;
  /** Null: the configuration decides. */
  metadata: MetadataPolicy | null;
  bytesMax: number | null;
  /** The colour that was named. */
  background: Rgba | null;
  /** Is something filled with it, or with white where none is named? */
  painted: boolean;
};

/** Both clouds keep metadata until they are told otherwise: a picture that is not made upright needs its orientation. */
export const newDraft = (): Draft => ({
  steps: [],
  upright: false,
  format: 'source',
  quality: null,
  progressive: false,
  metadata: 'all',
  bytesMax: null,
  background: null,
  painted: false,
});

/**
 * Applies the EXIF orientation. A plan does so before its first step, so what went before has to come out the same either way. Throws
 * operation_unsupported where it does not.
 */
export function makeUpright(draft: Draft, operation: string): void {
  if (!draft.upright && !draft.steps.every(isSameTurned)) {
    throw unsupported(`\`${operation}\` makes the picture upright, which has to be done before it is cut or turned.`);
  }
  draft.upright = true;
}

/** Takes this colour for all that is filled, wherever it stands. Throws operation_unsupported for a second one: a plan has one background. */
export function nameBackground(draft: Draft, colour: Rgba): void {
  if (draft.background !== null && draft.background !== colour) throw twoColours();
  draft.background = colour;
}

/** Takes this colour for what is padded, whatever the rest is filled with. Throws operation_unsupported where that is another one. */
export function paintWith(draft: Draft, colour: Rgba): void {
  if (draft.painted && backgroundOf(draft) !== colour) throw twoColours();
  nameBackground(draft, colour);
  draft.painted = true;
}

/** Corners and margins take the colour that is named, else white. */
export function paint(draft: Draft): void {
  draft.painted = true;
}

/** What the plan is to have as its background; null: nothing is filled, and none is named. */
export const backgroundOf = ({ background, painted }: Draft): Rgba | null => background ?? (painted ? white : null);

const twoColours = () => unsupported('Two colours of background in one URL cannot be told apart.');

const toneOps: ReadonlySet<Step['op']> = new Set(['blur', 'sharpen', 'grey', 'brightness', 'contrast']);

/** Would turning or mirroring the picture first give the same? */
function isSameTurned(step: Step): boolean {
  if (step.op === 'scale') return step.x === step.y;
  if (step.op !== 'resize') return toneOps.has(step.op);
  const { size, gravity } = step;
  if (gravity.kind !== 'compass' || gravity.at !== 'c') return false;
  return size.by === 'box' ? size.w === size.h : true;
}

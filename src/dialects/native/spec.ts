import type { View } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { checkCombinations } from './combinations.ts';
import type { Limits } from './limits.ts';
import { isCommon, isOpName, namesIn, noOps, type Ops, readOp, type Stages, stageMark } from './tokens.ts';
import { quoted } from './values.ts';

/**
 * The part of a URL that says what to do: `card,dpr_2`, `m_cover,w_300`, `info`. At its head stands a view, or
 * the name of a preset, or the first operation; `explain` may stand before either of these. `-` begins another stage, which works on
 * what the one before it made.
 */
export type Spec = Readonly<{
  view: View;
  preset: string | null;
  /** Those of the first stage, and what holds for the whole plan. */
  ops: Ops;
  /** Those of the stages behind. */
  then: readonly Ops[];
}>;

const specCharsMax = 1024;
const tokensMax = 64;

const views: ReadonlyMap<string, View> = new Map([
  ['info', 'info'],
  ['explain', 'explain'],
  ['orig', 'original'],
  ['avg', 'average'],
  ['ph', 'measured'],
]);

/** Heads that mean a view, so that no preset can have them as its name. */
export const reservedHeads: readonly string[] = [...views.keys()];

/** The head that stands for a view; empty for the picture itself. */
export const headOf = (view: View): string => {
  for (const [head, named] of views) if (named === view) return head;
  return '';
};

export const presetPattern = /^[a-z][a-z0-9-]{0,31}$/;

/** Reads a spec. Throws bad_url, bad_operation, bad_value or bad_combination. */
export function readSpec(text: string, limits: Limits): Spec {
  const tokens = splitSpec(text);
  const view = views.get(tokens[0] ?? '') ?? 'image';
  let next = view === 'image' ? 0 : 1;

  let preset: string | null = null;
  const head = tokens[next];
  if (head !== undefined && (view === 'image' || view === 'explain') && presetPattern.test(head)) {
    preset = head;
    next += 1;
  }

  const rest = tokens.slice(next);
  if (preset !== null && rest.includes(stageMark)) {
    throw new PileusError('bad_combination', { detail: 'No stage can follow the name of a preset.' });
  }
  const stages = readStages(rest, limits);
  if (view !== 'image' && view !== 'explain') refuseOps(view, stages);
  return { view, preset, ...stages };
}

/**
 * Reads operations and the marks between their stages. `attempt` is given the reading of every token, and may catch what it throws.
 * Throws bad_operation, bad_value or bad_combination.
 */
export function readStages(tokens: readonly string[], limits: Limits, attempt = run): Stages {
  const ops = noOps();
  const then: Ops[] = [];
  let stage = ops;
  let isEmpty = tokens.includes(stageMark);
  for (const token of tokens) {
    if (token !== stageMark) {
      const here = stage;
      attempt(() => readToken(token, here, limits, ops));
      isEmpty = false;
      continue;
    }
    if (isEmpty) throw emptyStage();
    stage = noOps();
    then.push(stage);
    isEmpty = true;
  }
  if (isEmpty) throw emptyStage();
  checkCombinations(ops);
  for (const each of then) checkCombinations(each);
  return { ops, then };
}

const run = (read: () => void): void => read();

const emptyStage = (): PileusError => new PileusError('bad_operation', { detail: 'A stage has no operations.' });

/** The tokens of a spec. Throws bad_url where it is empty, too long or has too many. */
export function splitSpec(text: string): readonly string[] {
  if (text === '') throw new PileusError('bad_url', { detail: 'The plan is empty.' });
  if (text.length > specCharsMax) {
    throw new PileusError('bad_url', { detail: `The plan has ${text.length} characters, at most ${specCharsMax}.` });
  }
  const tokens = text.split(',');
  if (tokens.length > tokensMax) {
    throw new PileusError('bad_url', { detail: `The plan has ${tokens.length} operations, at most ${tokensMax}.` });
  }
  return tokens;
}

/** Reads one operation into its stage, or into `whole` where it holds for all of them. Throws bad_operation or bad_value. */
export function readToken(token: string, stage: Ops, limits: Limits, whole: Ops): void {
  const separator = token.indexOf('_');
  const name = separator < 0 ? token : token.slice(0, separator);
  if (separator < 0 || !isOpName(name)) {
    const hint = separator < 0 ? ' A preset or a view can only stand first.' : '';
    throw new PileusError('bad_operation', { detail: `There is no operation ${quoted(token)}.${hint}` });
  }
  const ops = isCommon(name) ? whole : stage;
  if (ops[name] !== undefined) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
  readOp(ops, name, token.slice(separator + 1), limits);
}

/** What a view shows is fixed; only an expiry may stand beside it. */
function refuseOps(view: View, { ops, then }: Stages): void {
  if (then.length > 0) throw new PileusError('bad_combination', { detail: `\`${headOf(view)}\` takes no stages.` });
  const present = namesIn(ops).find((name) => name !== 'e');
  if (present === undefined) return;
  throw new PileusError('bad_combination', { detail: `\`${headOf(view)}\` takes no operations, got \`${present}\`.` });
}

import type { View } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { checkCombinations } from './combinations.ts';
import type { Limits } from './limits.ts';
import { isOpName, noOps, type OpName, type Ops, opNames, readOp } from './tokens.ts';
import { quoted } from './values.ts';

/**
 * The part of a URL that says what to do: `card,dpr_2`, `m_cover,w_300`, `info`. At its head stands a view, or
 * the name of a preset, or the first operation; `explain` may stand before either of these.
 */
export type Spec = Readonly<{ view: View; preset: string | null; ops: Ops }>;

const specCharsMax = 256;
const tokensMax = 24;

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

  const ops = noOps();
  for (; next < tokens.length; next += 1) readToken(tokens[next] ?? '', ops, limits);
  checkCombinations(ops);
  if (view !== 'image' && view !== 'explain') refuseOps(view, ops);
  return { view, preset, ops };
}

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

/** Reads one operation into `ops`. Throws bad_operation or bad_value. */
export function readToken(token: string, ops: Ops, limits: Limits): void {
  const separator = token.indexOf('_');
  const name = separator < 0 ? token : token.slice(0, separator);
  if (separator < 0 || !isOpName(name)) {
    const hint = separator < 0 ? ' A preset or a view can only stand first.' : '';
    throw new PileusError('bad_operation', { detail: `There is no operation ${quoted(token)}.${hint}` });
  }
  if (ops[name] !== undefined) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
  readOp(ops, name, token.slice(separator + 1), limits);
}

/** What a view shows is fixed; only an expiry may stand beside it. */
function refuseOps(view: View, ops: Ops): void {
  const present = opNames.find((name: OpName) => name !== 'e' && ops[name] !== undefined);
  if (present === undefined) return;
  throw new PileusError('bad_combination', { detail: `\`${headOf(view)}\` takes no operations, got \`${present}\`.` });
}

import type { Step, StepOp } from '../../plan/plan.ts';
import type { Limits } from './limits.ts';
import { flag, type Token } from './token.ts';
import { badValue, readInteger } from './values.ts';

/** What the words of single steps are made of. */

export type StepOf<Op extends StepOp> = Extract<Step, { op: Op }>;

/**
 * One token that says a step. `read` gives undefined where the value is of another entry with the same token, and null where it says
 * that there is no such step (`gr_0`); `write` null where the step is another entry's.
 */
export type StepToken<Name extends string = string, Op extends StepOp = StepOp> = Readonly<{
  name: Name;
  read: (raw: string, name: string, limits: Limits) => StepOf<Op> | null | undefined;
  // A method, so that entries of narrower steps stand in one list; each is only ever given its own.
  write(step: StepOf<Op>): string | null;
}>;

/** A step of one value. */
export const valued = <const Name extends string, Op extends StepOp, Value>(
  name: Name,
  token: Token<Value>,
  valueIn: (step: StepOf<Op>) => Value,
  stepOf: (value: Value) => StepOf<Op>,
): StepToken<Name, Op> => ({
  name,
  read: (raw, op, limits) => stepOf(token.read(raw, op, limits)),
  write: (step) => token.write(valueIn(step)),
});

/** A step of nothing but itself: `gr_1`. */
export const plain = <const Name extends string, Op extends StepOp>(
  name: Name,
  step: StepOf<Op>,
): StepToken<Name, Op> => ({
  name,
  read: (raw, op, limits) => (flag.read(raw, op, limits) ? step : null),
  write: () => '1',
});

/** A step whose value is read and written by a token of its own. */
export const spelled = <const Name extends string, Op extends StepOp>(
  name: Name,
  token: Token<StepOf<Op>>,
): StepToken<Name, Op> => ({ name, read: token.read, write: (step) => token.write(step) });

/** As many whole numbers with dots between them as there are bounds. */
export function integers(
  raw: string,
  name: string,
  form: string,
  bounds: readonly (readonly [number, number])[],
): number[] {
  const parts = raw.split('.', bounds.length + 1);
  if (parts.length !== bounds.length) throw badValue(name, form, raw);
  return bounds.map(([min, max], at) => readInteger(parts[at] ?? '', name, min, max));
}

import type { Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';

/** Least and largest weight and divider of an unsharp mask, in every grammar. */
export const unsharpMin = 1e-10;
export const unsharpMax = 1_000_000;

/** Digits of an amount that count: a quotient of decimals (0.1 / 2.4) is off in its last ones. */
const digits = 12;

/** The mask as what each of the eight pixels around one takes away, so that 1/24 and 2/48 are the same; none where it waits for a scale that makes smaller. */
export function unsharpOps(
  { weight, divider, ifSmaller }: Extract<Step, { op: 'unsharp' }>,
  shrunk: boolean,
): ResolvedOp[] {
  if (ifSmaller && !shrunk) return [];
  return [{ op: 'unsharp', amount: Number((weight / divider).toPrecision(digits)) }];
}

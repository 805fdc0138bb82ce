import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';

/** Throws source_mismatch where a plan says what the whole source has as its sum, and this one has another. */
export function checkSum(source: Uint8Array, { expects }: Pick<Plan, 'expects'>): void {
  if (expects === undefined) return;
  const { hash, hex } = expects;
  if (createHash(hash).update(source).digest('hex') === hex) return;
  throw new PileusError('source_mismatch', { detail: `The ${hash} of the source is another.` });
}

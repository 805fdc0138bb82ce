import type { NamespaceConfig } from '../../config/config.ts';
import type { View } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Reading } from './reading.ts';
import { headOf } from './spec.ts';
import { namesIn, type OpName, type Ops } from './tokens.ts';

/**
 * May this be had? A protected original never. Else without keys any plan within the limits; with keys an unsigned
 * URL may name a preset, or use `m_`, a named `g_`, and sizes from the ladder; it may ask for `info`, which decodes
 * nothing, and for `avg`, `ph` and `explain` where the namespace explains itself. Decided on the canonical form, so that two spellings of one
 * plan fare alike. Throws signature_missing, signature_expired, original_protected or not_allowed.
 */
export function authorise(reading: Reading, namespace: NamespaceConfig, signed: boolean, nowS: number): void {
  const { plan, ops, then, preset } = reading;
  const expiresAtS = expiryOf(ops);
  if (expiresAtS !== null && nowS >= expiresAtS) throw new PileusError('signature_expired');
  if (plan.view === 'original' && namespace.protectOriginals) throw new PileusError('original_protected');
  if (signed || namespace.keys.length === 0) return;
  if (revealing.has(plan.view) && !namespace.explain) {
    throw new PileusError('not_allowed', { detail: `\`${headOf(plan.view)}\` has to be signed here.` });
  }
  if (then.length > 0)
    throw new PileusError('signature_missing', { detail: 'A plan of several stages has to be signed.' });
  for (const name of namesIn(ops)) {
    if (!isFree(name, ops, namespace, preset !== null)) throw missing(name, ops, namespace);
  }
}

/** Views that have to be signed, unless the namespace explains itself. */
const revealing: ReadonlySet<View> = new Set(['explain', 'average', 'measured']);

/** `e_` in wall seconds since 1970, null without one. */
export const expiryOf = ({ e }: Ops): number | null => (e === undefined ? null : e * 3600);

const sizes: ReadonlySet<OpName> = new Set(['w', 'h', 'l', 's']);

/** May an unsigned URL say this? What a preset does not allow after its name was refused before. */
function isFree(name: OpName, ops: Ops, { ladder }: NamespaceConfig, afterPreset: boolean): boolean {
  if (sizes.has(name)) return ladder.includes(Number(ops[name]));
  if (name === 'e') return false;
  // A preset that lets its mark be chosen means the registered ones.
  if (name === 'wm' && ops.wm?.op === 'watermark' && typeof ops.wm.asset !== 'string') return false;
  return afterPreset || name === 'm' || (name === 'g' && ops.g?.kind !== 'focal');
}

function missing(name: OpName, ops: Ops, { ladder }: NamespaceConfig): PileusError {
  const detail = sizes.has(name)
    ? `Unsigned, \`${name}\` has to be one of ${ladder.join(', ') || 'none'}, got ${ops[name]}.`
    : `\`${name}\` has to be signed here.`;
  return new PileusError('signature_missing', { detail });
}

import { canonicalJson } from '../../plan/canonical-json.ts';
import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { Plan, View } from '../../plan/plan.ts';
import { isPileusError } from '../../shared/errors.ts';
import { widestLimits } from './limits.ts';
import { opsToPlan } from './ops-to-plan.ts';
import { planToOps } from './plan-to-ops.ts';
import { headOf, readSpec } from './spec.ts';
import { type Ops, writeOps } from './tokens.ts';

/**
 * The canonical native spec of a plan (`m_cover,w_300`; `info`), or null where the native grammar cannot say it
 * exactly. The output format is not part of a spec: it is the extension. For `Content-Location` of other dialects;
 * what it gives has been read back and means the same plan.
 */
export function formatSpec(plan: Plan): string | null {
  const wanted = canonicalPlan(plan, Number.POSITIVE_INFINITY);
  const ops = planToOps(wanted);
  if (ops === null) return null;
  const text = writeSpec(wanted.view, null, ops);
  return means(text, wanted) ? text : null;
}

/** A spec from its parts, in canonical order. What does nothing at all is `m_fit`, since a spec cannot be empty. */
export function writeSpec(view: View, preset: string | null, ops: Ops): string {
  const parts = [headOf(view), preset ?? '', writeOps(ops)].filter((part) => part !== '');
  // `~e_...` alone is enough of a spec; nothing at all is not.
  return parts.length === 0 ? 'm_fit' : parts.join(',');
}

function means(text: string, wanted: Plan): boolean {
  const { format, negotiated = null } = wanted.encode;
  try {
    const { view, ops } = readSpec(text, widestLimits);
    const plan = opsToPlan(ops, { view, format, negotiated }, widestLimits.sideMax);
    return canonicalJson(plan) === canonicalJson(wanted);
  } catch (error) {
    if (isPileusError(error)) return false;
    throw error;
  }
}

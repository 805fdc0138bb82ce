import { canonicalJson } from '../../plan/canonical-json.ts';
import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { Plan, View } from '../../plan/plan.ts';
import { isPileusError } from '../../shared/errors.ts';
import { widestLimits } from './limits.ts';
import { opsToPlan } from './ops-to-plan.ts';
import { planToOps } from './plan-to-ops.ts';
import { headOf, readSpec } from './spec.ts';
import { type Stages, writeStages } from './tokens.ts';

/**
 * The canonical native spec of a plan (`m_cover,w_300`; `info`), or null where the native grammar cannot say it
 * exactly. The output format is not part of a spec: it is the extension. `pinned`: what was negotiated is, so that Accept has no say.
 * What it gives has been read back and means the same plan.
 */
export function formatSpec(plan: Plan, pinned = false): string | null {
  const wanted = canonicalPlan(plan, Number.POSITIVE_INFINITY);
  const stages = planToOps(wanted, pinned);
  if (stages === null) return null;
  const text = writeSpec(wanted.view, null, stages);
  return means(text, wanted, pinned) ? text : null;
}

/** A spec from its parts, in canonical order. What does nothing at all is `m_fit`, since a spec cannot be empty. */
export function writeSpec(view: View, preset: string | null, stages: Stages): string {
  const parts = [headOf(view), preset ?? '', writeStages(stages)].filter((part) => part !== '');
  // `~e_...` alone is enough of a spec; nothing at all is not.
  return parts.length === 0 ? 'm_fit' : parts.join(',');
}

function means(text: string, wanted: Plan, pinned: boolean): boolean {
  const { format, negotiated = null } = wanted.encode;
  const frame = {
    view: wanted.view,
    format: format === 'preferred' ? 'auto' : format,
    negotiated: pinned ? null : negotiated,
  };
  try {
    const plan = opsToPlan(readSpec(text, widestLimits), frame, widestLimits.sideMax);
    return canonicalJson(plan) === canonicalJson(wanted);
  } catch (error) {
    if (isPileusError(error)) return false;
    throw error;
  }
}

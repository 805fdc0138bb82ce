import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { backgroundOf, type Draft } from './draft.ts';
import type { Vendor } from './vendor.ts';

/** The plan of a draft that is done; what it does not name is the vendor's standard. */
export function planOf(draft: Draft, vendor: Vendor): Plan {
  const background = backgroundOf(draft);
  return canonicalPlan(
    {
      view: 'image',
      decode: { orient: draft.upright, frames: 'auto' },
      steps: draft.steps,
      encode: {
        format: draft.format,
        quality: draft.quality ?? vendor.quality.standard(draft.format),
        progressive: draft.progressive,
        ...(draft.metadata === null ? {} : { metadata: draft.metadata }),
        ...(draft.bytesMax === null ? {} : { bytesMax: draft.bytesMax }),
        ...(background === null ? {} : { background }),
      },
    },
    Number.POSITIVE_INFINITY,
  );
}

import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Draft } from './draft.ts';
import type { Vendor } from './vendor.ts';

/** The plan of a draft that is done; what it does not name is the vendor's standard. */
export const planOf = (draft: Draft, vendor: Vendor): Plan =>
  canonicalPlan(
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
        ...(draft.background === null ? {} : { background: draft.background }),
      },
    },
    Number.POSITIVE_INFINITY,
  );

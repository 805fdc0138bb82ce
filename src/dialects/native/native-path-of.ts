import type { Plan, SourceRef } from '../../plan/plan.ts';
import { formatSpec } from './format-spec.ts';
import { joinNativePath } from './native-path.ts';

/** The native path of any plan, percent-encoded and without a signature; null where the grammar has no words for it. */
export function nativePathOf(source: SourceRef, plan: Plan): string | null {
  const { view, encode } = plan;
  if (plan.report !== undefined || view === 'original' || (view === 'image' && encode.format === 'source')) return null;
  const spec = formatSpec(plan);
  return spec === null
    ? null
    : joinNativePath(source.ns, source.key, spec, null, view === 'image' ? encode.format : 'json');
}

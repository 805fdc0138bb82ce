import { marksOf } from '../../plan/marks.ts';
import { negotiate } from '../../plan/negotiate.ts';
import type { Plan, SourceRef } from '../../plan/plan.ts';
import { isPileusError } from '../../shared/errors.ts';
import { formatSpec } from './format-spec.ts';
import { joinNativePath } from './native-path.ts';
import { checkKey } from './source-key.ts';

/**
 * The native path of any plan, percent-encoded and without a signature; with the same `accept` it means the same plan. Null where the
 * grammar has no words for it: reports in the words of another server, and keys of sources or marks that are URLs.
 */
export function nativePathOf(source: SourceRef, plan: Plan, accept: string): string | null {
  if (plan.report !== undefined || ![source, ...marksOf(plan)].every(({ key }) => isNativeKey(key))) return null;
  const spec = formatSpec(plan, isPinned(plan, accept));
  return spec === null ? null : joinNativePath(source.ns, source.key, spec, null, extensionOf(plan));
}

/** Would Accept alone give another result of the negotiation? */
const isPinned = ({ encode }: Plan, accept: string): boolean =>
  (encode.format === 'auto' || encode.format === 'preferred') && encode.negotiated !== negotiate(accept);

function extensionOf({ view, encode }: Plan): string {
  if (view === 'original') return 'same';
  if (view !== 'image') return 'json';
  if (encode.format === 'preferred') return 'auto';
  return encode.format === 'source' ? 'same' : encode.format;
}

function isNativeKey(key: string): boolean {
  try {
    checkKey(key);
    return true;
  } catch (error) {
    if (isPileusError(error)) return false;
    throw error;
  }
}

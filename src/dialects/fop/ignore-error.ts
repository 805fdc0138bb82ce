import { readFlag } from './encoding.ts';
import { unsupported } from './refusals.ts';
import type { Lenience } from './vendor.ts';

/** Throws bad_value, or operation_unsupported for `1` where that is refused. */
export function checkIgnoreError(raw: string | null | undefined, { ignoreError }: Lenience): void {
  if (!raw || !readFlag(raw, 'ignore-error') || ignoreError === 'pass') return;
  throw unsupported('`ignore-error/1`: the original is not given in place of an error.');
}

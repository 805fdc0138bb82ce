import type { ResizeMode } from '../../plan/plan.ts';
import { badValue, readInteger } from '../native/values.ts';
import { resizeStep } from '../resize-step.ts';
import { type Draft, makeUpright } from './draft.ts';
import { readFlag, readFormat, readQuality } from './encoding.ts';
import { checkIgnoreError } from './ignore-error.ts';
import { type Pairs, readPairs } from './pairs.ts';
import { unsupported } from './refusals.ts';
import { sideMax } from './thumbnail.ts';
import type { Lenience, Vendor } from './vendor.ts';

/** What each mode limits, and what a side that is left out means: anything, or as much as the other. */
const modes = {
  0: { by: 'sides', mode: 'fit', missing: 'free' },
  1: { by: 'box', mode: 'cover', missing: 'same' },
  2: { by: 'box', mode: 'fit', missing: 'free' },
  3: { by: 'box', mode: 'min', missing: 'same' },
  4: { by: 'sides', mode: 'min', missing: 'same' },
  5: { by: 'sides', mode: 'cover', missing: 'same' },
} as const satisfies Record<number, { by: 'box' | 'sides'; mode: ResizeMode; missing: 'free' | 'same' }>;

const options = ['w', 'h', 'format', 'interlace', 'q', 'ignore-error'];

/**
 * `imageView2/<mode>/w/<n>/h/<n>...`: never enlarges. The order of its options means nothing. Throws bad_operation, bad_value,
 * operation_unsupported.
 */
export function imageView2(words: readonly string[], draft: Draft, vendor: Vendor, lenience: Lenience): void {
  const { imageView2: table } = vendor;
  const [rawMode = '', ...rest] = words;
  if (!/^[0-5]$/.test(rawMode)) throw badValue('imageView2', 'a mode from 0 to 5', rawMode);
  const pairs = readPairs(rest, 'imageView2', new Set([...options, ...table.refusedOptions.keys()]));
  for (const name of pairs.keys()) {
    const why = table.refusedOptions.get(name);
    if (why !== undefined) throw unsupported(why);
  }
  checkIgnoreError(pairs.get('ignore-error'), lenience);
  if (table.orients) makeUpright(draft, 'imageView2');
  if (!table.keepsMetadata && draft.metadata === 'all') draft.metadata = null;
  size(Number(rawMode) as keyof typeof modes, pairs, draft);
  const format = pairs.get('format');
  const quality = pairs.get('q');
  const interlace = pairs.get('interlace');
  if (format) draft.format = readFormat(format, vendor);
  if (quality) draft.quality = readQuality(quality, 'q', vendor);
  if (interlace) draft.progressive = readFlag(interlace, 'interlace');
}

function size(number: keyof typeof modes, pairs: Pairs, draft: Draft): void {
  const { by, mode, missing } = modes[number];
  const width = sideOf(pairs, 'w');
  const height = sideOf(pairs, 'h');
  if (width === null && height === null) {
    if (missing === 'same') throw badValue('imageView2', `w or h in mode ${number}`, '');
    return;
  }
  const w = width ?? (missing === 'same' ? height : null);
  const h = height ?? (missing === 'same' ? width : null);
  draft.steps.push(resizeStep(mode, by === 'box' ? { by, w, h } : { by, long: w, short: h }, 'no'));
}

function sideOf(pairs: Pairs, name: string): number | null {
  const raw = pairs.get(name);
  return raw ? readInteger(raw, name, 1, sideMax) : null;
}

import type { OutputFormat, Step } from '../../plan/plan.ts';
import { badValue } from '../native/values.ts';

export type Quality = 'default' | 'color' | 'gray' | 'bitonal';

/** The quality parameter (section 4.4). Throws bad_value. */
export function readQuality(raw: string): Quality {
  if (raw === 'default' || raw === 'color' || raw === 'gray' || raw === 'bitonal') return raw;
  throw badValue('quality', 'default, color, gray or bitonal', raw);
}

/** `default` and `color` are the picture's own colours. */
export function qualitySteps(quality: Quality): readonly Step[] {
  if (quality === 'gray') return [{ op: 'grey' }];
  return quality === 'bitonal' ? [{ op: 'bitonal', threshold: 128 }] : [];
}

/** Formats beyond those of level 2 (jpg, png). AVIF is none of the API's, and offered as an extension of it. */
export const extraFormats = ['tif', 'gif', 'webp', 'avif'] as const satisfies readonly OutputFormat[];

const formats: ReadonlySet<string> = new Set<OutputFormat>(['jpg', 'png', ...extraFormats]);
const isFormat = (raw: string): raw is OutputFormat => formats.has(raw);

/** The format parameter (section 4.5). Throws bad_value, also for jp2 and pdf, which cannot be written. */
export function readFormat(raw: string): OutputFormat {
  if (isFormat(raw)) return raw;
  throw badValue('format', [...formats].join(', '), raw);
}

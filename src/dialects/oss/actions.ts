import type { Actions, Apply } from './action.ts';
import { crop, indexcrop } from './crop.ts';
import { encodeDefaults, format, interlace, quality } from './encode.ts';
import { resize } from './resize.ts';
import { circle, roundedCorners } from './shapes.ts';
import { blur, bright, contrast, sharpen } from './tones.ts';
import { autoOrient, rotate } from './turn.ts';
import { averageHue, info } from './views.ts';
import { watermark } from './watermark.ts';

/** The actions of OSS. */
export const actions: Actions = new Map<string, Apply>([
  ['resize', resize],
  ['crop', crop],
  ['indexcrop', indexcrop],
  ['circle', circle],
  ['rounded-corners', roundedCorners],
  ['rotate', rotate],
  ['auto-orient', autoOrient],
  ['blur', blur],
  ['bright', bright],
  ['contrast', contrast],
  ['sharpen', sharpen],
  ['quality', quality],
  ['format', format],
  ['interlace', interlace],
  ['watermark', watermark],
  ['info', info],
  ['average-hue', averageHue],
]);

/** What OSS means where a URL says nothing. */
export const defaults = (autoOrients: boolean) => ({ orient: autoOrients, encode: encodeDefaults });

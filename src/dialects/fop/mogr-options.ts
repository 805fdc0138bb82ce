import { badValue } from '../native/values.ts';
import { blurStep } from './blur.ts';
import { makeUpright, paint } from './draft.ts';
import { readFlag, readFormat, readQuality, readSizeLimit } from './encoding.ts';
import { readCompass } from './gravity.ts';
import { ignoreErrorOption } from './image-mogr.ts';
import type { MogrOption } from './vendor.ts';

/** Options of imageMogr2 that mean the same in both clouds. */
export const sharedMogrOptions: readonly (readonly [string, MogrOption])[] = [
  ['auto-orient', { kind: 'flag', apply: ({ draft }) => makeUpright(draft, 'auto-orient') }],
  [
    'strip',
    {
      kind: 'flag',
      apply: ({ draft }) => {
        draft.metadata = 'none';
      },
    },
  ],
  [
    'gravity',
    {
      kind: 'value',
      apply: (raw, scene) => {
        scene.gravity = readCompass(raw, 'gravity');
      },
    },
  ],
  ['blur', { kind: 'value', apply: (raw, { draft }) => draft.steps.push(blurStep(raw)) }],
  [
    'format',
    {
      kind: 'value',
      apply: (raw, { draft, vendor }) => {
        draft.format = readFormat(raw, vendor);
      },
    },
  ],
  [
    'quality',
    {
      kind: 'value',
      apply: (raw, { draft, vendor }) => {
        draft.quality = readQuality(raw, 'quality', vendor);
      },
    },
  ],
  [
    'interlace',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        draft.progressive = readFlag(raw, 'interlace');
      },
    },
  ],
  [
    'size-limit',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        draft.bytesMax = readSizeLimit(raw);
      },
    },
  ],
  ['ignore-error', ignoreErrorOption],
];

/** `rotate` clockwise from `min` to 360 degrees. */
export const rotateOption = (min: 0 | 1): MogrOption => ({
  kind: 'value',
  apply: (raw, { draft }) => {
    const degrees = /^[0-9]{1,3}$/.test(raw) ? Number(raw) : Number.NaN;
    if (!(degrees >= min && degrees <= 360)) throw badValue('rotate', `an integer in ${min}-360`, raw);
    if (degrees % 90 !== 0) paint(draft);
    draft.steps.push({ op: 'rotate', degrees });
  },
});

/** An option that is known and cannot be carried out. */
export const refused = (why: string): MogrOption => ({ kind: 'refused', why });

import { compassGravity } from '../../plan/plan.ts';
import { readEncodedColour } from '../fop/base64.ts';
import { readCrop, windowStep } from '../fop/crop.ts';
import { nameBackground, paint } from '../fop/draft.ts';
import { readFlag } from '../fop/encoding.ts';
import { refused, rotateOption, sharedMogrOptions } from '../fop/mogr-options.ts';
import { unsupported } from '../fop/refusals.ts';
import { sideOf, thumbnailStep } from '../fop/thumbnail.ts';
import type { MogrOption, Vendor } from '../fop/vendor.ts';
import { formatNames } from '../format-names.ts';
import { badValue, readDecimal, readInteger } from '../native/values.ts';

/** Where a URL names no quality. */
const standardQuality = { avif: 50, other: 75 } as const;

/** `sharpen/1` has no strength of its own; in pixels. */
const sharpenSigma = 1;

const noColours = 'The number of colours of a GIF cannot be set.';

const mogrOptions: readonly (readonly [string, MogrOption])[] = [
  ...sharedMogrOptions,
  ['thumbnail', { kind: 'value', apply: (raw, { draft }) => draft.steps.push(thumbnailStep(raw)) }],
  [
    'crop',
    {
      kind: 'value',
      apply: (raw, { draft, gravity }) => draft.steps.push(windowStep(readCrop(raw), gravity ?? 'nw')),
    },
  ],
  ['rotate', rotateOption(1)],
  [
    'background',
    { kind: 'value', apply: (raw, { draft }) => nameBackground(draft, readEncodedColour(raw, 'background')) },
  ],
  [
    'sharpen',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        if (readFlag(raw, 'sharpen')) draft.steps.push({ op: 'sharpen', sigma: sharpenSigma });
      },
    },
  ],
  [
    'extent',
    {
      kind: 'value',
      apply: (raw, { draft, gravity }) => {
        const [, width = '', height = ''] = /^([0-9]+)x([0-9]+)$/.exec(raw) ?? [];
        const w = sideOf(width, 'extent');
        const h = sideOf(height, 'extent');
        if (w === null || h === null) throw badValue('extent', '<width>x<height>', raw);
        paint(draft);
        draft.steps.push({ op: 'canvas', w, h, gravity: compassGravity(gravity ?? 'nw'), dx: 0, dy: 0 });
      },
    },
  ],
  ['border', refused('`border` cannot be drawn: a plan has one colour of background.')],
  ['bordercolor', refused('`border` cannot be drawn: a plan has one colour of background.')],
  ['density', refused('The density of a result cannot be set.')],
  ['colors', refused(noColours)],
];

/** Qiniu Dora as its documents of 2025 have it. */
export const qiniuVendor: Vendor = {
  name: 'qiniu',
  hasRoundPic: true,
  slimName: 'imageslim',
  refusedOperations: new Map([['saveas', '`saveas`: results are not stored under names.']]),
  formats: new Map([...formatNames, ['bmp', 'bmp']]),
  refusedFormats: new Set(['heic', 'heif', 'psd']),
  quality: {
    standard: (format) => ({
      kind: 'corrected',
      value: format === 'avif' ? standardQuality.avif : standardQuality.other,
    }),
    named: (value) => ({ kind: 'corrected', value }),
  },
  imageView2: { orients: true, keepsMetadata: false, refusedOptions: new Map([['colors', noColours]]) },
  imageMogr2: new Map(mogrOptions),
  watermark: {
    dissolve: 100,
    distance: 10,
    movesFromCentre: true,
    sizeOptions: ['ws', 'wst'],
    scalePercent: (options) => {
      const scale = options.get('ws');
      const type = options.get('wst') ?? '0';
      if (!/^[0-3]$/.test(type)) throw badValue('wst', '0, 1, 2 or 3', type);
      if (!scale) return 0;
      const share = readDecimal(scale, 'ws', 0, 1);
      if (share > 0 && type !== '2') {
        throw unsupported('`ws` sizes a watermark by the width of the picture only, which is `wst/2`.');
      }
      return Math.round(share * 100);
    },
    refusedOptions: new Map(),
    look: () => ({}),
    lookOptions: [],
    text: {
      font: '宋体',
      colour: '000000ff',
      size: 12,
      // In twentieths of a point, one of which is a pixel.
      readSize: (raw) => readInteger(raw, 'fontsize', 20, 20_000) / 20,
    },
  },
};

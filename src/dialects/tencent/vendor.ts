import type { TileAxis } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import { readEncodedColour } from '../fop/base64.ts';
import { cutStep, readCrop, scaledCropStep } from '../fop/crop.ts';
import { paintWith } from '../fop/draft.ts';
import { readFlag } from '../fop/encoding.ts';
import { readCompass } from '../fop/gravity.ts';
import { refused, rotateOption, sharedMogrOptions } from '../fop/mogr-options.ts';
import { unsupported } from '../fop/refusals.ts';
import { cornersStep } from '../fop/round-pic.ts';
import { thumbnailStep } from '../fop/thumbnail.ts';
import type { MogrOption, MogrScene, Vendor } from '../fop/vendor.ts';
import { formatNames } from '../format-names.ts';
import { badValue, readInteger } from '../native/values.ts';

/** The source's own quality is kept up to here; a source without one gets it. */
const standardQuality = 90;

/** Colour of what `pad/1` adds. */
const padColour = '3d3d3dff';

const radiusMax = 25_000;

const noFaces = 'Faces are not looked for.';
const noRelativeQuality = 'A quality in percent of the source, or a least one, cannot be set.';

/** Gravity counts wherever it stands in one imageMogr2. */
const gravityOf = ({ pairs }: MogrScene) => {
  const raw = pairs.get('gravity');
  return raw ? readCompass(raw, 'gravity') : null;
};

const amountOption = (op: 'brightness' | 'contrast', name: string): MogrOption => ({
  kind: 'value',
  apply: (raw, { draft }) => draft.steps.push({ op, amount: readInteger(raw, name, -100, 100) }),
});

const mogrOptions: readonly (readonly [string, MogrOption])[] = [
  ...sharedMogrOptions,
  [
    'thumbnail',
    {
      kind: 'value',
      apply: (raw, { draft, pairs }) => {
        const step = thumbnailStep(raw);
        const pads = readFlag(pairs.get('pad') ?? '0', 'pad');
        // Only a plain `<w>x<h>` is padded, as documented.
        if (!pads || !/^!?[0-9]+x[0-9]+$/.test(raw) || step.op !== 'resize') {
          draft.steps.push(step);
          return;
        }
        const colour = pairs.get('color');
        paintWith(draft, colour ? readEncodedColour(colour, 'color') : padColour);
        draft.steps.push({ ...step, mode: 'pad' });
      },
    },
  ],
  ['pad', { kind: 'value', apply: (raw) => void readFlag(raw, 'pad') }],
  ['color', { kind: 'value', apply: (raw) => void readEncodedColour(raw, 'color') }],
  [
    'crop',
    { kind: 'value', apply: (raw, scene) => scene.draft.steps.push(scaledCropStep(readCrop(raw), gravityOf(scene))) },
  ],
  ['cut', { kind: 'value', apply: (raw, scene) => scene.draft.steps.push(cutStep(raw, gravityOf(scene))) }],
  [
    'iradius',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        const radius = readInteger(raw, 'iradius', 1, radiusMax);
        const side = 2 * radius;
        draft.steps.push({ op: 'crop', w: side, h: side, gravity: compassGravity('c'), dx: 0, dy: 0 });
        draft.steps.push(cornersStep('px', radius, radius));
      },
    },
  ],
  [
    'rradius',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        const radius = readInteger(raw, 'rradius', 1, radiusMax);
        draft.steps.push(cornersStep('px', radius, radius));
      },
    },
  ],
  ['rotate', rotateOption(0)],
  [
    'flip',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        if (raw !== 'vertical' && raw !== 'horizontal') throw badValue('flip', 'vertical or horizontal', raw);
        draft.steps.push({ op: 'flip', horizontal: raw === 'horizontal', vertical: raw === 'vertical' });
      },
    },
  ],
  ['bright', amountOption('brightness', 'bright')],
  ['contrast', amountOption('contrast', 'contrast')],
  [
    'sharpen',
    {
      kind: 'value',
      // 10 to 300, 70 recommended: hundredths of a pixel.
      apply: (raw, { draft }) => draft.steps.push({ op: 'sharpen', sigma: readInteger(raw, 'sharpen', 10, 300) / 100 }),
    },
  ],
  [
    'grayscale',
    {
      kind: 'value',
      apply: (raw, { draft }) => {
        if (readFlag(raw, 'grayscale')) draft.steps.push({ op: 'grey' });
      },
    },
  ],
  ['scrop', refused(noFaces)],
  ['rcrop', refused('`rcrop`: a range of ratios cannot be cropped to.')],
  ['rquality', refused(noRelativeQuality)],
  ['lquality', refused(noRelativeQuality)],
  ['cgif', refused('`cgif`: frames of an animation cannot be left out.')],
];

/** Tencent Cloud Infinite as its documents of 2025 have it. */
export const tencentVendor: Vendor = {
  name: 'tencent',
  hasRoundPic: false,
  slimName: 'imageSlim',
  refusedOperations: new Map(),
  formats: new Map([...[...formatNames].filter(([name]) => name !== 'tiff'), ['bmp', 'bmp']]),
  refusedFormats: new Set(['heif', 'heic', 'tpg', 'yjpeg', 'astc', 'svgc']),
  quality: {
    standard: () => ({ kind: 'source-capped', value: standardQuality }),
    named: (value) => ({ kind: 'source-capped', value }),
  },
  imageView2: {
    orients: false,
    keepsMetadata: true,
    refusedOptions: new Map([
      ['rq', noRelativeQuality],
      ['lq', noRelativeQuality],
    ]),
  },
  imageMogr2: new Map(mogrOptions),
  watermark: {
    dissolve: 90,
    distance: 0,
    movesFromCentre: false,
    sizeOptions: ['scatype', 'spcent'],
    scalePercent: (options) => {
      const type = options.get('scatype');
      const share = options.get('spcent');
      if (!type && !share) return 0;
      if (!type || !share) throw badValue(type ? 'spcent' : 'scatype', 'a value beside the other of both', '');
      if (!/^[1-3]$/.test(type)) throw badValue('scatype', '1, 2 or 3', type);
      if (type !== '1') throw unsupported('`scatype` sizes a watermark by the width of the picture only, which is 1.');
      return readInteger(share, 'spcent', 1, 1000) / 10;
    },
    refusedOptions: new Map([
      ['blogo', '`blogo`: a watermark is not fitted to the picture.'],
      ['shadow', '`shadow`: how it would look is not documented.'],
    ]),
    look: (options) => {
      const tiles = readFlag(options.get('batch') ?? '0', 'batch');
      const degrees = readInteger(options.get('degree') ?? '0', 'degree', 0, 360) % 360;
      // Copies begin at the corner; distances are taken for the gaps between them.
      const axis = (name: string): TileAxis => ({
        by: 'start',
        gap: readInteger(options.get(name) ?? '0', name, 0, 9999),
      });
      return {
        // They alone are turned, as documented.
        ...(tiles && degrees !== 0 ? { degrees } : {}),
        ...(tiles ? { tile: { x: axis('dx'), y: axis('dy') } } : {}),
      };
    },
    lookOptions: ['batch', 'degree'],
    text: {
      font: 'tahoma.ttf',
      colour: '3d3d3dff',
      size: 13,
      readSize: (raw) => readInteger(raw, 'fontsize', 1, 1000),
    },
  },
};

import type { FilterEntry, FilterTable } from './apply-filters.ts';
import { blur, canvas, commonFilters, readColour, scale } from './common-filters.ts';
import { readWatermark, thumborPlace } from './watermark.ts';

/** Widest kernel that thumbor's own blur takes. */
const blurRadiusMax = 150;

const own: readonly (readonly [string, FilterEntry])[] = [
  [
    'blur',
    {
      repeats: true,
      apply: (args, draft) => {
        const radius = args.whole(0, blurRadiusMax);
        const sigma = args.number(0, blurRadiusMax, 0);
        if (radius > 0) blur(draft, sigma === 0 ? radius : sigma);
      },
    },
  ],
  [
    'fill',
    {
      apply: (args, draft) => {
        draft.fillWith(readColour(args, args.text()));
        if (args.flag(false)) draft.flattens = true;
        canvas(draft);
      },
    },
  ],
  [
    'proportion',
    {
      repeats: true,
      apply: (args, draft) => scale(draft, args.number(0.01, 10)),
    },
  ],
  [
    'round_corner',
    {
      apply: (args, draft) => {
        const [x = '', y = x, ...rest] = args.text().split('|');
        const radii = [x, y].map((raw) => {
          if (rest.length > 0 || !/^[0-9]{1,5}$/.test(raw)) throw args.bad('one radius or two as a|b', raw);
          return Number(raw);
        });
        const channels = [args.whole(0, 255), args.whole(0, 255), args.whole(0, 255)];
        const rgb = channels.map((value) => value.toString(16).padStart(2, '0')).join('');
        if (!args.flag(false)) draft.fillWith(`${rgb}ff`);
        draft.steps.push({ op: 'round', shape: 'corners', unit: 'px', x: radii[0] ?? 0, y: radii[1] ?? 0 });
      },
    },
  ],
  [
    'saturation',
    {
      repeats: true,
      apply: (args, draft) => {
        // A factor of the distance from grey.
        draft.steps.push({ op: 'saturation', amount: Math.round(args.number(0, 2) * 100 - 100) });
      },
    },
  ],
  [
    'sharpen',
    {
      repeats: true,
      apply: (args, draft) => {
        const amount = args.number(0, 100);
        const radius = args.number(0, 18);
        args.flag(false);
        if (amount > 0) draft.steps.push({ op: 'sharpen', sigma: 1 + radius / 2 });
      },
    },
  ],
  [
    'watermark',
    {
      repeats: true,
      apply: (args, draft) => void draft.steps.push(readWatermark(args, draft, thumborPlace, [])),
    },
  ],
];

/** thumbor's filters. */
export const thumborFilters: FilterTable = {
  filters: new Map([...commonFilters, ...own]),
  refused: new Map([
    ['colorize', 'colours are not mixed by channel.'],
    ['convolution', 'there are no free kernels.'],
    ['cover', 'animations keep their frames; format(jpeg) takes the first.'],
    ['curve', 'there are no tone curves.'],
    ['distributed_collage', 'pictures are made of one source.'],
    ['equalize', 'there is no equalisation.'],
    ['extract_focal', 'the image is not a URL of another server.'],
    ['focal', 'a point in pixels of the source is not one of a plan.'],
    ['frame', 'there are no frames out of nine parts.'],
    ['gifv', 'videos are not written.'],
    ['noise', 'there is no noise.'],
    ['red_eye', 'nothing is detected.'],
    ['rgb', 'colours are not shifted by channel.'],
  ]),
};

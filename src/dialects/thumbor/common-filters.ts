import { cssColour, hexColour } from '../css-colours.ts';
import { formatNames } from '../format-names.ts';
import type { FilterEntry } from './apply-filters.ts';
import type { Arguments } from './arguments.ts';
import { type Draft, unsupported } from './draft.ts';

const unwritten = new Set(['heic', 'heif', 'jxl', 'jp2', 'bmp', 'pdf', 'svg', 'mp4', 'webm']);

/** A colour: a CSS name, or hex with or without `#`. Throws bad_value, or operation_unsupported for one out of the picture. */
export function readColour(args: Arguments, raw: string): string {
  const text = raw.startsWith('#') ? raw.slice(1) : raw;
  if (text === 'auto' || text === 'blur')
    throw unsupported(`The colour \`${text}\` would have to be found in the picture.`);
  const colour = text === 'none' ? '00000000' : (cssColour(text) ?? hexColour(text));
  if (colour === null) throw args.bad('a colour by its CSS name or in hex', raw);
  return colour;
}

/** A tone of -100 to 100. */
export const tone = (op: 'brightness' | 'contrast' | 'saturation'): FilterEntry => ({
  repeats: true,
  apply: (args, draft) => void draft.steps.push({ op, amount: args.whole(-100, 100) }),
});

/** A filter without arguments that sets something. */
export const setting = (apply: (draft: Draft) => void): FilterEntry => ({ apply: (_args, draft) => apply(draft) });

/** Blurs by a sigma; 0 is none. */
export function blur(draft: Draft, sigma: number): void {
  if (sigma > 0) draft.steps.push({ op: 'blur', sigma });
}

/** Scales what has been drawn so far, sides rounded down. */
export function scale(draft: Draft, share: number): void {
  if (share === 1) return;
  draft.steps.push({
    op: 'resize',
    mode: 'fit',
    size: { by: 'percent', percent: Math.round(share * 10_000) / 100 },
    dpr: 1,
    enlarge: 'yes',
    gravity: { kind: 'compass', at: 'c' },
    rounding: 'floor',
  });
}

/**
 * Puts what has been drawn on a canvas of the size that the path names; a free side stays as it is. Throws operation_unsupported where
 * that size turns with the source and something was drawn before.
 */
export function canvas(draft: Draft): void {
  const { size, fitIn } = draft.params;
  if (size === null || (size.width === null && size.height === null)) return;
  const { width, height } = size;
  if (width === 'orig' || height === 'orig') throw unsupported('`orig` cannot be filled up to.');
  if (fitIn?.adaptive && width !== height) {
    if (fitIn.full || width === null || height === null || draft.steps.length > 0) {
      throw unsupported('adaptive-fit-in is only filled up as the first filter, with both sides, and not with full-.');
    }
    draft.padResize = true;
    return;
  }
  const [w, h] = draft.turned ? [height, width] : [width, height];
  draft.steps.push({ op: 'canvas', w, h, gravity: { kind: 'compass', at: 'c' }, dx: 0, dy: 0 });
}

/** The filters that thumbor and imagor have in common. */
export const commonFilters: readonly (readonly [string, FilterEntry])[] = [
  ['brightness', tone('brightness')],
  ['contrast', tone('contrast')],
  ['grayscale', { repeats: true, apply: (_args, draft) => void draft.steps.push({ op: 'grey' }) }],
  [
    'quality',
    {
      apply: (args, draft) => {
        draft.quality = args.whole(1, 100);
      },
    },
  ],
  [
    'format',
    {
      apply: (args, draft) => {
        const name = args.text().toLowerCase();
        const format = formatNames.get(name);
        if (format !== undefined) draft.format = format;
        else if (unwritten.has(name)) throw unsupported(`format(${name}): it cannot be written here.`);
        else throw args.bad('jpeg, png, webp, avif, gif or tiff', name);
      },
    },
  ],
  [
    'autojpg',
    {
      apply: (args, draft) => {
        draft.plainFormat = args.flag(true);
      },
    },
  ],
  [
    'max_bytes',
    {
      apply: (args, draft) => {
        draft.bytesMax = args.whole(1, 1_000_000_000);
      },
    },
  ],
  [
    'max_age',
    {
      apply: (args, draft) => {
        draft.maxAgeS = args.whole(0, 31_536_000);
      },
    },
  ],
  [
    'stretch',
    setting((draft) => {
      draft.stretch = true;
    }),
  ],
  [
    'upscale',
    setting((draft) => {
      draft.enlarge = true;
    }),
  ],
  [
    'no_upscale',
    setting((draft) => {
      draft.enlarge = false;
    }),
  ],
  [
    'strip_exif',
    setting((draft) => {
      draft.metadata = 'none';
    }),
  ],
  // Results are sRGB and carry no profile of their source.
  ['strip_icc', setting(() => {})],
  [
    'rotate',
    {
      repeats: true,
      apply: (args, draft) => {
        const raw = args.whole(-3600, 3600);
        if (raw % 90 !== 0) throw args.bad('a multiple of 90', String(raw));
        // Counter-clockwise, here alone.
        const degrees = ((-raw % 360) + 360) % 360;
        if (degrees === 0) return;
        draft.steps.push({ op: 'rotate', degrees });
      },
    },
  ],
  [
    'background_color',
    {
      apply: (args, draft) => {
        draft.fillWith(readColour(args, args.text()));
        draft.flattens = true;
      },
    },
  ],
];

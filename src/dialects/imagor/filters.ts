import { pagesMax, type Step } from '../../plan/plan.ts';
import type { FilterEntry, FilterTable } from '../thumbor/apply-filters.ts';
import type { Arguments } from '../thumbor/arguments.ts';
import { blur, canvas, commonFilters, readColour, scale, setting } from '../thumbor/common-filters.ts';
import { type Draft, unsupported } from '../thumbor/draft.ts';
import { cropSteps, trimStep } from '../thumbor/geometry.ts';
import { copies, gravityOf, type Place, readWatermark, sharePlace } from '../thumbor/watermark.ts';
import { addFocal } from './focal.ts';

const pixelsMax = 100_000;

type PadSides = Omit<Extract<Step, { op: 'pad' }>, 'op'>;

/** A filter that draws one step. */
const drawing = (read: (args: Arguments, draft: Draft) => Step): FilterEntry => ({
  repeats: true,
  apply: (args, draft) => void draft.steps.push(read(args, draft)),
});

const tone = (op: 'brightness' | 'contrast' | 'saturation'): FilterEntry =>
  drawing((args) => ({ op, amount: args.number(-100, 100) }));

const own: readonly (readonly [string, FilterEntry])[] = [
  ['brightness', tone('brightness')],
  ['contrast', tone('contrast')],
  ['saturation', tone('saturation')],
  ['hue', drawing((args) => ({ op: 'hue', degrees: args.number(-3600, 3600) }))],
  ['invert', drawing(() => ({ op: 'negate' }))],
  ['pixelate', drawing((args) => ({ op: 'pixelate', size: args.whole(1, 1000, 10) }))],
  ['modulate', { repeats: true, apply: modulate }],
  ['blur', { repeats: true, apply: (args, draft) => blur(draft, lastOfTwo(args, 300) / 2) }],
  ['sharpen', drawing((args) => ({ op: 'sharpen', sigma: 1 + 2 * lastOfTwo(args, 4.5) }))],
  ['crop', { repeats: true, apply: cropAgain }],
  ['trim', drawing(trim)],
  ['fill', { apply: fill }],
  ['padding', { apply: padding }],
  ['proportion', { repeats: true, apply: proportion }],
  ['rotate', { repeats: true, apply: rotate }],
  ['round_corner', { apply: roundCorner }],
  ['watermark', drawing((args, draft) => readWatermark(args, draft, imagorPlace, ['0', '0', '0']))],
  ['label', drawing(label)],
  ['text', drawing(text)],
  [
    'avgcolor',
    setting(({ measures }) => {
      measures.average = true;
    }),
  ],
  [
    'blurhash',
    {
      apply: (args, { measures }) => {
        measures.blurhash = { x: args.whole(1, 9), y: args.whole(1, 9) };
      },
    },
  ],
  [
    'thumbhash',
    setting(({ measures }) => {
      measures.thumbhash = true;
    }),
  ],
  ['focal', { repeats: true, apply: addFocal }],
  ['attachment', { apply: attachment }],
  [
    'expire',
    {
      apply: (args, draft) => {
        draft.expiresAtS = Math.floor(args.whole(0, 99_999_999_999_999) / 1000);
      },
    },
  ],
  [
    'lossless',
    setting((draft) => {
      draft.lossless = true;
    }),
  ],
  [
    'max_frames',
    {
      apply: (args, draft) => {
        if (args.whole(1, pagesMax) !== 1) throw unsupported('max_frames(): one frame, or all of them.');
        draft.frames = 'first';
      },
    },
  ],
  [
    'page',
    {
      apply: (args, draft) => {
        draft.frames = args.whole(1, pagesMax + 1) - 1;
      },
    },
  ],
  [
    'orient',
    {
      apply: (args, draft) => {
        const degrees = quarterOf(args);
        // Counter-clockwise, as rotate() is, and instead of what EXIF says; 0 leaves that alone.
        if (degrees > 0) draft.orientDegrees = 360 - degrees;
      },
    },
  ],
  [
    'raw',
    setting((draft) => {
      draft.original = true;
    }),
  ],
  // It only keeps a result out of imagor's store.
  ['preview', setting(() => {})],
  [
    'strip_metadata',
    setting((draft) => {
      draft.metadata = 'none';
    }),
  ],
  [
    'to_colorspace',
    {
      apply: (args) => {
        const space = args.text('srgb').toLowerCase();
        if (space !== 'srgb') throw unsupported(`to_colorspace(${space}): results are sRGB.`);
      },
    },
  ],
];

/** imagor's filters. */
export const imagorFilters: FilterTable = {
  filters: new Map([...commonFilters, ...own]),
  refused: new Map([
    ['annotate_detection', 'nothing is detected.'],
    ['bitdepth', 'samples have 8 bits.'],
    ['compression', 'the effort of PNG is configured.'],
    ['dpi', 'drawings are rendered at their own size.'],
    ['draw_detections', 'nothing is detected.'],
    ['fallback_format', "the format is the source's, or that of format()."],
    ['image', 'marks are registered assets: watermark().'],
    ['palette', 'PNG has no palette here.'],
    ['redact', 'nothing is detected.'],
    ['redact_oval', 'nothing is detected.'],
    ['rgb', 'colours are not shifted by channel.'],
  ]),
};

/** `f(sigma)`, `f(radius,sigma)` or `f(amount,sigma,luminance)`: the radius and the amount have no say in imagor either. */
function lastOfTwo(args: Arguments, max: number): number {
  if (args.left < 2) return args.number(0, max);
  args.number(0, 1000);
  const second = args.number(0, max);
  if (args.left > 0) args.flag(false);
  return second;
}

function modulate(args: Arguments, { steps }: Draft): void {
  const [brightness, saturation] = [args.number(-100, 100), args.number(-100, 100)];
  steps.push({ op: 'brightness', amount: brightness }, { op: 'saturation', amount: saturation });
  steps.push({ op: 'hue', degrees: args.number(-3600, 3600) });
}

/** `crop(left,top,width,height)` of what was drawn so far, in pixels or in shares. */
function cropAgain(args: Arguments, { steps }: Draft): void {
  const [left, top] = [args.number(0, pixelsMax), args.number(0, pixelsMax)];
  const [right, bottom] = [left + args.number(0, pixelsMax), top + args.number(0, pixelsMax)];
  const isShare = left < 1 && top < 1 && right <= 1 && bottom <= 1;
  if (!isShare && ![left, top, right, bottom].every(Number.isInteger)) {
    throw args.bad('whole pixels, or shares up to 1', `${left},${top},${right - left},${bottom - top}`);
  }
  steps.push(...cropSteps({ left, top, right, bottom, unit: isShare ? 'share' : 'px' }));
}

/** `trim(tolerance,corner)` of what was drawn so far. */
function trim(args: Arguments): Step {
  const tolerance = args.whole(0, pixelsMax, 0);
  const by = args.text('top-left');
  if (by !== 'top-left' && by !== 'bottom-right') throw args.bad('top-left or bottom-right', by);
  return trimStep({ by, tolerance });
}

/** Fills up to the size of the path, and adds the padding of the path around that. */
function fill(args: Arguments, draft: Draft): void {
  draft.fillWith(readColour(args, args.text()));
  canvas(draft);
  if (draft.params.padding === null) return;
  const { left, top, right, bottom } = draft.params.padding;
  pad(draft, draft.turned ? { left: top, top: left, right: bottom, bottom: right } : { left, top, right, bottom });
}

/** `padding(colour,all)`, `(colour,x,y)` or `(colour,left,top,right,bottom)`. */
function padding(args: Arguments, draft: Draft): void {
  draft.fillWith(readColour(args, args.text()));
  if (args.left !== 1 && args.left !== 2 && args.left !== 4) {
    throw args.bad('one, two or four widths', `${args.left}`);
  }
  const left = args.whole(0, pixelsMax);
  const top = args.whole(0, pixelsMax, left);
  pad(draft, { left, top, right: args.whole(0, pixelsMax, left), bottom: args.whole(0, pixelsMax, top) });
}

function pad({ steps }: Draft, sides: PadSides): void {
  if (sides.left + sides.top + sides.right + sides.bottom > 0) steps.push({ op: 'pad', ...sides });
}

/** Up to 1 a share, above it a percentage. */
function proportion(args: Arguments, draft: Draft): void {
  const value = args.number(0.01, 100);
  scale(draft, value > 1 ? value / 100 : value);
}

function rotate(args: Arguments, draft: Draft): void {
  const degrees = quarterOf(args);
  if (degrees === 0) return;
  if (degrees !== 180) draft.turned = true;
  draft.steps.push({ op: 'rotate', degrees: 360 - degrees });
}

function quarterOf(args: Arguments): number {
  const degrees = args.whole(0, 360);
  if (degrees % 90 !== 0) throw args.bad('0, 90, 180 or 270', String(degrees));
  return degrees % 360;
}

function roundCorner(args: Arguments, draft: Draft): void {
  const x = args.whole(0, pixelsMax);
  const y = args.whole(0, pixelsMax, x);
  if (args.left > 0) {
    draft.fillWith(readColour(args, args.text()));
    draft.flattens = true;
  }
  draft.steps.push({ op: 'round', shape: 'corners', unit: 'px', x, y });
}

function attachment(args: Arguments, draft: Draft): void {
  const name = args.text('');
  if (name.length > 255 || /[\p{Cc}\p{Cs}/\\]/u.test(name)) throw args.bad('a file name', name);
  draft.disposition = { kind: 'attachment', name: name.replace(/\.[A-Za-z0-9]{1,8}$/, '') || null };
}

/** `label(text,x,y,size,colour[,alpha[,font]])`: alpha 0 is opaque; the font is a registered one. */
function label(args: Arguments, draft: Draft): Step {
  const text = args.text();
  const x = imagorPlace(args, args.text('0'), 'x');
  const y = imagorPlace(args, args.text('0'), 'y');
  if (x.tile || y.tile) throw unsupported('label(): text is not repeated.');
  const size = args.whole(1, 1000, 20);
  const colour = readColour(args, args.text('black'));
  const opacity = Math.round(100 - args.number(0, 100, 0));
  return {
    op: 'text',
    text,
    font: fontOf(args, draft),
    size,
    colour,
    gravity: gravityOf(x, y),
    dx: x.offset,
    dy: y.offset,
    opacity,
  };
}

/**
 * `text(text,x,y[,font[,colour[,alpha[,blend[,width[,align[,justify[,wrap[,spacing[,dpi]]]]]]]]]])`: the font is a registered one and its
 * size in points (`sans-24`). Lines end where the text says so; what wraps, justifies and aligns them takes a width.
 */
function text(args: Arguments, draft: Draft): Step {
  const text = textOf(args);
  const x = imagorPlace(args, args.text('0'), 'x');
  const y = imagorPlace(args, args.text('0'), 'y');
  if (x.tile || y.tile) throw unsupported('text(): text is not repeated.');
  const [, name = '', points = '12'] = /^(.*?)(?:-([0-9]{1,4}))?$/.exec(args.text('')) ?? [];
  const font = fontNamed(name === '' ? (draft.settings.font ?? '') : name, args, draft);
  const colour = readColour(args, args.text('black'));
  const opacity = Math.round(100 - args.number(0, 100, 0));
  onlyPlain(args, text);
  const dpi = args.number(1, 1200, pointsPerInch);
  const size = Math.round((Number(points) * dpi) / pointsPerInch);
  if (size < 1 || size > 1000) throw args.bad('a size of 1 to 1000 pixels', String(size));
  return { op: 'text', text, font, size, colour, gravity: gravityOf(x, y), dx: x.offset, dy: y.offset, opacity };
}

const pointsPerInch = 72;

/** Plain, or base64url behind `b64:`. */
function textOf(args: Arguments): string {
  const raw = args.text();
  if (!raw.startsWith('b64:')) return raw;
  const text = Buffer.from(raw.slice(4), 'base64url').toString('utf8');
  if (!/^b64:[A-Za-z0-9_-]*=*$/.test(raw) || text.includes('\ufffd')) throw args.bad('base64url of text', raw);
  return text;
}

/** Blend, width, align, justify, wrap and spacing, so far as they change nothing. */
function onlyPlain(args: Arguments, text: string): void {
  const [blend, width, align] = [args.text('normal'), args.text('0'), args.text('low')];
  args.flag(false);
  const wrap = args.text('word');
  const spacing = args.number(-1000, 1000, 0);
  if (blend !== 'normal') throw unsupported(`text(): it is laid over the picture, not blended (${blend}).`);
  if (width !== '0') throw unsupported('text(): lines are not wrapped to a width.');
  if (!/^(?:low|centre|center|high|right)$/.test(align)) throw args.bad('low, centre or high', align);
  if (!/^(?:word|char|wordchar|none)$/.test(wrap)) throw args.bad('word, char, wordchar or none', wrap);
  if (text.includes('\n') && (align !== 'low' || spacing !== 0))
    throw unsupported('text(): several lines begin at the left, at the distance of the font.');
}

const fontOf = (args: Arguments, draft: Draft): string => fontNamed(args.text(draft.settings.font ?? ''), args, draft);

function fontNamed(name: string, args: Arguments, { settings, config: { assets } }: Draft): string {
  const asset = Object.hasOwn(settings.fonts, name) ? (settings.fonts[name] ?? name) : name;
  if (asset === '') throw unsupported('No font is configured.');
  if (!Object.hasOwn(assets, asset) || !assets[asset]?.font) throw args.bad('the name of a registered font', name);
  return asset;
}

/**
 * Pixels, percent (`20p`) or shares (`0.2`) from the near edge, negative ones from the far edge; the name of an edge, perhaps with pixels
 * beyond it; or `repeat`, side by side from the near edge.
 */
function imagorPlace(args: Arguments, raw: string, axis: 'x' | 'y'): Place {
  if (raw === 'center') return { side: 'middle', offset: 0 };
  if (raw === 'repeat') return copies({ by: 'start', gap: 0 });
  const [, percent, decimal] = /^(?:(-?[0-9]{1,2})p|(-?0?\.[0-9]{1,6}))$/.exec(raw) ?? [];
  const share =
    (percent ?? decimal) ? sharePlace(percent === undefined ? Number(decimal) : Number(percent) / 100) : null;
  if (share !== null) return share;
  const edge = (axis === 'x' ? /^(l|left|r|right)(?:-([0-9]{1,5}))?$/ : /^(t|top|b|bottom)(?:-([0-9]{1,5}))?$/).exec(
    raw,
  );
  if (edge !== null) {
    const side = edge[1]?.startsWith('r') || edge[1]?.startsWith('b') ? 'end' : 'start';
    return { side, offset: 0 - Number(edge[2] ?? 0) };
  }
  if (!/^-?[0-9]{1,4}$/.test(raw))
    throw args.bad('pixels up to 9999, percent, a share, an edge, center or repeat', raw);
  const pixels = Number(raw);
  return pixels < 0 ? { side: 'end', offset: -pixels } : { side: 'start', offset: Math.abs(pixels) };
}

import { kernels } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import {
  atMost,
  isPositive,
  only,
  readColour,
  readFlag,
  readGravity,
  readHex,
  readInteger,
  readNumber,
  readOffset,
} from './arguments.ts';
import { autoquality } from './autoquality.ts';
import {
  adjust,
  blurAreas,
  brightness,
  colorize,
  duotone,
  factor,
  gradient,
  monochrome,
  progressiveBlur,
  unsharpMasking,
} from './effects.ts';
import { avifOptions, jpegOptions, pngOptions, webpOptions } from './encoders.ts';
import { readFormat, readWanted } from './formats.ts';
import { invalidUrl } from './invalid-url.ts';
import {
  idleOptions,
  nextPipeline,
  type OptionDefaults,
  type ProcessingOptions,
  startOptions,
} from './processing-options.ts';
import { hashsum, page, pages } from './source-options.ts';

/** What options are read against. */
export type OptionContext = Readonly<{
  presets: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Names that URLs may use; empty: all. Presets may use any. */
  allowed: readonly string[];
  allowSecurityOptions: boolean;
  /** Most pipelines of a chain; 0: no other limit than that on the steps of a plan. */
  maxPipelines: number;
  nowS: number;
}>;

type Read = (options: ProcessingOptions, given: readonly string[], name: string, context: OptionContext) => void;

/**
 * The options of a URL, one set for each pipeline of its chain. Presets may be chains as well: the first pipeline of one is joined to
 * that in which its name stands, the others to those that follow. Throws bad_url, preset_not_found, signature_expired, not_allowed.
 */
export function readPipelines(
  given: readonly (readonly string[])[],
  defaults: OptionDefaults,
  context: OptionContext,
): readonly ProcessingOptions[] {
  const chain = chainOf(given, context);
  if (context.maxPipelines > 0 && chain.pipelines.length > context.maxPipelines) {
    throw invalidUrl(`more than ${context.maxPipelines} pipelines`);
  }
  const pipelines: ProcessingOptions[] = [];
  for (const options of chain.pipelines) {
    const before = pipelines.at(-1);
    const pipeline = before ? nextPipeline(before, defaults) : startOptions(defaults);
    for (const [name = '', ...rest] of options) applyOption(pipeline, name, rest, context);
    pipeline.presets = [...chain.presets];
    pipelines.push(pipeline);
  }
  return pipelines;
}

type Option = readonly string[];

/** What stands between two pipelines. */
const link = '-';

/** The options with the presets in place of their names, one list for each pipeline; and the names. */
function chainOf(
  given: readonly Option[],
  context: OptionContext,
): Readonly<{ pipelines: readonly (readonly Option[])[]; presets: ReadonlySet<string> }> {
  const pipelines: Option[][] = [[]];
  const presets = new Set<string>();
  const applied = new Set<string>();
  const take = (options: readonly Option[], from: number, inside: readonly string[]): void => {
    let at = from;
    for (const option of options) {
      const [name = '', ...names] = option;
      if (name === link) {
        at++;
        pipelines[at] ??= [];
      } else if (name === 'preset' || name === 'pr') {
        for (const preset of names) takePreset(preset, at, inside);
      } else pipelines[at]?.push(option);
    }
  };
  // One that would apply itself is passed over, and so is one that its pipeline has already.
  const takePreset = (name: string, at: number, inside: readonly string[]): void => {
    const preset = Object.hasOwn(context.presets, name) ? context.presets[name] : undefined;
    if (preset === undefined) throw new PileusError('preset_not_found', { detail: `There is no preset "${name}".` });
    if (inside.includes(name) || applied.has(`${at} ${name}`)) return;
    applied.add(`${at} ${name}`);
    presets.add(name);
    take(preset, at, [...inside, name]);
  };
  if (Object.hasOwn(context.presets, 'default')) takePreset('default', 0, []);
  const { allowed } = context;
  const refused = given.find(([name = '']) => allowed.length > 0 && name !== link && !allowed.includes(name));
  if (refused) throw invalidUrl(`${refused[0]}: not allowed here`);
  take(given, 0, []);
  return { pipelines, presets };
}

/** Reads one option of a preset to see that it can be read. Throws what it would in a URL; nothing has expired yet. */
export function tryOption([name = '', ...given]: Option, allowSecurityOptions: boolean): void {
  if (name === link) return;
  applyOption(idleOptions(), name, given, { presets: {}, allowed: [], allowSecurityOptions, maxPipelines: 0, nowS: 0 });
}

function applyOption(options: ProcessingOptions, name: string, given: readonly string[], context: OptionContext): void {
  const read = table.get(name);
  if (read === undefined) throw invalidUrl(`there is no option "${name}"`);
  read(options, given, name, context);
}

const size: Read = (options, given, name) => {
  atMost(name, given, 7);
  const [width = '', height = '', enlarge = '', ...extend] = given;
  if (width !== '') options.width = readInteger(name, width);
  if (height !== '') options.height = readInteger(name, height);
  if (enlarge !== '') options.enlarge = readFlag(enlarge);
  if ((extend[0] ?? '') !== '') options.extend = readExtend(name, extend);
};

const resize: Read = (options, given, name, context) => {
  atMost(name, given, 8);
  const [type = '', ...rest] = given;
  if (type !== '') options.type = readType(name, type);
  if (rest.length > 0) size(options, rest, name, context);
};

const types = ['fit', 'fill', 'fill-down', 'force', 'auto'] as const;

function readType(name: string, text: string): ProcessingOptions['type'] {
  const type = types.find((candidate) => candidate === text);
  if (type === undefined) throw invalidUrl(`${name}: no resizing type "${text}"`);
  return type;
}

function readExtend(name: string, given: readonly string[]): ProcessingOptions['extend'] {
  atMost(name, given, 4);
  const [flag = '', ...gravity] = given;
  if (!readFlag(flag)) return null;
  return (gravity[0] ?? '') === ''
    ? { kind: 'compass', at: 'c', x: 0, y: 0 }
    : readGravity(name, gravity, { smart: false });
}

const crop: Read = (options, given, name) => {
  const [width = '', height = '', ...gravity] = given;
  const w = width === '' ? 0 : readNumber(name, width);
  const h = height === '' ? 0 : readNumber(name, height);
  const anchor = (gravity[0] ?? '') === '' ? null : readGravity(name, gravity);
  options.crop = w === 0 && h === 0 ? null : { w, h, anchor };
};

/** `crop_aspect_ratio:%ratio:%enlarge`. */
const cropRatio: Read = (options, given, name) => {
  atMost(name, given, 2);
  const [ratio = '', enlarge = ''] = given;
  options.cropRatio = { ratio: readNumber(name, ratio), grow: readFlag(enlarge) };
};

/** `lanczos3` is what there is without it; `mitchell` is no word there. */
const kernel: Read = (options, given, name) => {
  const word = only(name, given);
  const found = kernels.find((each) => each === word && each !== 'mitchell');
  if (found === undefined && word !== 'lanczos3') throw invalidUrl(`${name}: no algorithm "${word}"`);
  options.kernel = found ?? null;
};

const trim: Read = (options, given, name) => {
  atMost(name, given, 4);
  const [threshold = '', colour = '', equalX = '', equalY = ''] = given;
  options.trim = {
    threshold: readNumber(name, threshold),
    colour: colour === '' ? null : readHex(name, colour),
    equalX: readFlag(equalX),
    equalY: readFlag(equalY),
  };
};

/** As CSS: what is not given is the side across from it. */
const padding: Read = (options, given, name) => {
  atMost(name, given, 4);
  const sideOf = (at: number): number | null => {
    const text = given[at] ?? '';
    return text === '' ? null : readInteger(name, text);
  };
  const all = sideOf(0) ?? options.padding.top;
  const right = sideOf(1) ?? (given[0] ? all : options.padding.right);
  const bottom = sideOf(2) ?? (given[0] ? all : options.padding.bottom);
  options.padding = {
    top: all,
    right,
    bottom,
    left: sideOf(3) ?? (given[0] || given[1] ? right : options.padding.left),
  };
};

const zoom: Read = (options, given, name) => {
  atMost(name, given, 2);
  const [x = '', y = ''] = given;
  options.zoomX = readNumber(name, x, isPositive);
  options.zoomY = y === '' ? options.zoomX : readNumber(name, y, isPositive);
};

const watermark: Read = (options, given, name) => {
  atMost(name, given, 7);
  const [opacity = '', position = '', x = '', y = '', scale = ''] = given;
  const share = readNumber(name, opacity, (value) => value >= 0 && value <= 1);
  const at = position === '' ? 'ce' : position;
  options.watermark = {
    opacity: share,
    anchor: tilings.get(position) ?? readGravity(name, [at, x, y], { smart: false }),
    x: readOffset(name, x),
    y: readOffset(name, y),
    scale: scale === '' ? 0 : readNumber(name, scale, isPositive),
  };
  if (share === 0) options.watermark = null;
};

const tilings: ReadonlyMap<string, 'repeat' | 'chess'> = new Map([
  ['re', 'repeat'],
  ['ch', 'chess'],
]);

/** Base64url of text. Pango's markup is not read: entities are signs, and tags are refused. */
const watermarkText: Read = (options, given, name) => {
  const raw = only(name, given);
  const text = Buffer.from(raw, 'base64url').toString('utf8');
  if (!/^[A-Za-z0-9_-]*=*$/.test(raw) || text.includes('\ufffd')) throw invalidUrl(`${name}: not base64url of text`);
  if (text.includes('<')) throw new PileusError('operation_unsupported', { detail: `${name}: tags are not read` });
  options.watermarkText = text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? '');
};

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const flag =
  (set: (value: boolean) => Partial<ProcessingOptions>): Read =>
  (options, given, name) =>
    Object.assign(options, set(readFlag(only(name, given))));

const whole =
  (set: (value: number) => Partial<ProcessingOptions>, max?: number): Read =>
  (options, given, name) =>
    Object.assign(options, set(readInteger(name, only(name, given), 0, max)));

const number =
  (set: (value: number) => Partial<ProcessingOptions>, isRight?: (value: number) => boolean): Read =>
  (options, given, name) =>
    Object.assign(options, set(readNumber(name, only(name, given), isRight)));

const expires: Read = (options, given, name, { nowS }) => {
  const atS = readInteger(name, only(name, given), 0, 9_007_199_254_740_991);
  if (atS > 0 && atS <= nowS) throw new PileusError('signature_expired');
  options.expiresAtS = atS === 0 ? null : atS;
};

const filename: Read = (options, given, name) => {
  atMost(name, given, 2);
  const [text = '', isBase64 = ''] = given;
  if (!readFlag(isBase64)) {
    options.filename = unescaped(name, text);
    return;
  }
  options.filename = fromBase64(name, text);
};

function fromBase64(name: string, text: string): string {
  if (!/^[A-Za-z0-9_-]*=*$/.test(text)) throw invalidUrl(`${name}: not base64url`);
  return Buffer.from(text, 'base64url').toString('utf8');
}

const watermarkUrl: Read = (options, given, name) => {
  options.watermarkUrl = fromBase64(name, only(name, given));
};

const watermarkSize: Read = (options, given, name) => {
  atMost(name, given, 2);
  const [w = '', h = ''] = given;
  options.watermarkSize = {
    w: w === '' ? 0 : readInteger(name, w, 0, markSideMax),
    h: h === '' ? 0 : readInteger(name, h, 0, markSideMax),
  };
};

/** Longest side that a mark may be given, in pixels. */
const markSideMax = 16_384;

const fallbackUrl: Read = (options, given, name) => {
  options.fallbackUrl = fromBase64(name, only(name, given)) || null;
};

function unescaped(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrl(`${name}: not well encoded`);
  }
}

const formatQuality: Read = (options, given, name) => {
  if (given.length % 2 !== 0 || given.length === 0) throw invalidUrl(`${name}: formats and qualities come in pairs`);
  const qualities: Record<string, number> = { ...options.formatQuality };
  for (let at = 0; at < given.length; at += 2) {
    qualities[readFormat(name, given[at] ?? '')] = readInteger(name, given[at + 1] ?? '', 0, 100);
  }
  options.formatQuality = qualities;
};

const security: Read = (_options, _given, name, { allowSecurityOptions }) => {
  throw new PileusError('not_allowed', {
    detail: allowSecurityOptions
      ? `${name}: limits are those of the namespace`
      : `${name}: security options are not allowed`,
  });
};

/** Of the profiles that imgproxy knows by name, sRGB only. */
const colorProfile: Read = (options, given, name) => {
  const profile = only(name, given);
  if (profile !== 'srgb' && profile !== '')
    throw new PileusError('operation_unsupported', { detail: `${name}: srgb, or none` });
  options.colorProfile = profile === 'srgb' ? 'srgb' : null;
};

const nothing: Read = (_options, given, name) => atMost(name, given, 1);

/** Every option and its aliases. */
const readers: readonly (readonly [names: string, read: Read])[] = [
  ['resize rs', resize],
  ['size s', size],
  ['resizing_type rt', (options, given, name) => Object.assign(options, { type: readType(name, only(name, given)) })],
  ['width w', whole((value) => ({ width: value }))],
  ['height h', whole((value) => ({ height: value }))],
  ['min-width mw', whole((value) => ({ minWidth: value }))],
  ['min-height mh', whole((value) => ({ minHeight: value }))],
  ['zoom z', zoom],
  ['dpr', number((value) => ({ dpr: value }), isPositive)],
  ['enlarge el', flag((value) => ({ enlarge: value }))],
  ['extend ex', (options, given, name) => Object.assign(options, { extend: readExtend(name, given) })],
  [
    'extend_aspect_ratio extend_ar exar',
    (options, given, name) => Object.assign(options, { extendRatio: readExtend(name, given) }),
  ],
  ['gravity g', (options, given, name) => Object.assign(options, { gravity: readGravity(name, given) })],
  ['crop c', crop],
  ['crop_aspect_ratio crop_ar car', cropRatio],
  ['resizing_algorithm ra', kernel],
  ['trim t', trim],
  ['padding pd', padding],
  ['auto_rotate ar', flag((value) => ({ autoRotate: value }))],
  ['rotate rot', (options, given, name) => Object.assign(options, { rotate: readAngle(name, only(name, given)) })],
  [
    'flip fl',
    (options, given, name) => {
      atMost(name, given, 2);
      options.flipX = readFlag(given[0] ?? '');
      options.flipY = readFlag(given[1] ?? '');
    },
  ],
  [
    'background bg',
    (options, given, name) =>
      Object.assign(options, { background: given.join('') === '' ? null : readColour(name, given) }),
  ],
  [
    'background_alpha bga',
    number(
      (value) => ({ backgroundAlpha: value }),
      (value) => value >= 0 && value <= 1,
    ),
  ],
  ['blur bl', number((value) => ({ blur: value }))],
  ['sharpen sh', number((value) => ({ sharpen: value }))],
  ['unsharp_masking ush', unsharpMasking],
  ['pixelate pix', whole((value) => ({ pixelate: value }))],
  ['adjust a', adjust],
  ['brightness br', brightness],
  ['contrast co', factor('contrast')],
  ['saturation sa', factor('saturation')],
  ['monochrome mc', monochrome],
  ['duotone dt', duotone],
  ['colorize col', colorize],
  ['gradient gr', gradient],
  ['blur_areas ba', blurAreas],
  ['progressive_blur pbl', progressiveBlur],
  ['watermark wm', watermark],
  ['watermark_text wmt', watermarkText],
  ['watermark_url wmu', watermarkUrl],
  ['watermark_size wms', watermarkSize],
  ['watermark_rotate wm_rot wmr', number((value) => ({ watermarkDegrees: value }), Number.isFinite)],
  [
    'watermark_shadow wmsh',
    number(
      (value) => ({ watermarkShadow: value }),
      (value) => value >= 0 && value <= 100,
    ),
  ],
  ['strip_metadata sm', flag((value) => ({ stripMetadata: value }))],
  ['keep_copyright kcr', flag((value) => ({ keepCopyright: value }))],
  ['strip_color_profile scp', flag((value) => ({ stripColorProfile: value }))],
  ['enforce_thumbnail eth', flag(() => ({}))],
  ['preserve_hdr ph', flag((value) => ({ preserveHdr: value }))],
  ['color_profile cp icc', colorProfile],
  ['quality q', whole((value) => ({ quality: value }), 100)],
  ['format_quality fq', formatQuality],
  ['max_bytes mb', whole((value) => ({ maxBytes: value }))],
  ['jpeg_options jpgo', jpegOptions],
  ['png_options pngo', pngOptions],
  ['webp_options webpo', webpOptions],
  ['avif_options avifo', avifOptions],
  ['autoquality aq', autoquality],
  ['page pg', page],
  ['pages pgs', pages],
  ['disable_animation da', flag((value) => ({ disableAnimation: value }))],
  ['dpi', whole((value) => ({ dpi: value }), 65_535)],
  ['hashsum hs', hashsum],
  ['format f ext', (options, given, name) => Object.assign(options, { format: readWanted(name, only(name, given)) })],
  [
    'skip_processing skp',
    (options, given, name) => {
      options.skipProcessing = [
        ...new Set([...options.skipProcessing, ...given.map((each) => readFormat(name, each))]),
      ];
    },
  ],
  ['raw', flag((value) => ({ raw: value }))],
  ['cachebuster cb', nothing],
  ['expires exp', expires],
  ['filename fn', filename],
  ['fallback_image_url fiu', fallbackUrl],
  ['return_attachment att', flag((value) => ({ attachment: value }))],
  ['max_src_resolution msr', security],
  ['max_src_file_size msfs', security],
  ['max_animation_frames maf', security],
  ['max_animation_frame_resolution mafr', security],
  [
    'max_result_dimension mrd',
    (options, given, name, context) => {
      if (!context.allowSecurityOptions) security(options, given, name, context);
      options.sideMax = readInteger(name, only(name, given));
    },
  ],
];

function readAngle(name: string, text: string): number {
  const degrees = readInteger(name, text, -2_147_483_648);
  if (degrees % 90 !== 0) throw invalidUrl(`${name}: expected a multiple of 90, got ${degrees}`);
  return ((degrees % 360) + 360) % 360;
}

const table: ReadonlyMap<string, Read> = new Map(
  readers.flatMap(([names, read]) => names.split(' ').map((name) => [name, read] as const)),
);

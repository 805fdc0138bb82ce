import { hashNames } from '../../plan/hash-digits.ts';
import type { Measures, Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { atMost, only, readFlag, readGravity, readInteger, readNumber } from './arguments.ts';
import { type CropWish, cropArgument } from './info-crop.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ImgproxySettings } from './settings.ts';
import { hashsum, page } from './source-options.ts';

/** Members of the answer that take no more than the file's header, in the order in which they are written. */
export const headerMembers = [
  'size',
  'format',
  'dimensions',
  'exif',
  'iptc',
  'xmp',
  'colorspace',
  'bands',
  'sample_format',
  'pages_number',
  'alpha',
] as const;

export type HeaderMember = (typeof headerMembers)[number];

/** What is told where a URL does not say otherwise. */
const standard: ReadonlySet<HeaderMember> = new Set(['size', 'format', 'dimensions', 'exif', 'iptc', 'xmp']);

/** What the options of an info URL add up to. */
type InfoWish = {
  members: Set<HeaderMember>;
  canonicalNames: boolean;
  crop: CropWish | null;
  measures: { -readonly [Name in keyof Measures]: Measures[Name] };
  hashsum: ProcessingOptions['hashsum'];
  page: number;
  expiresAtS: number | null;
};

export type InfoContext = Readonly<{
  settings: ImgproxySettings;
  /** Presets of `/info`, as lists of options. */
  presets: Readonly<Record<string, readonly Option[]>>;
  nowS: number;
}>;

type Option = readonly string[];

/**
 * The plan of `/info/...`, the presets in it, and until when it may be asked for. Throws bad_url, preset_not_found, signature_expired,
 * operation_unsupported, not_allowed.
 */
export function infoPlan(
  given: readonly Option[],
  context: InfoContext,
): Readonly<{ plan: Plan; presets: readonly string[]; expiresAtS: number | null }> {
  const { settings, nowS } = context;
  const { allowedInfoOptions, infoOnlyPresets } = settings;
  const allowed = infoOnlyPresets ? [] : allowedInfoOptions;
  const refused = given.find(([name = '']) => allowed.length > 0 && !allowed.includes(name));
  if (refused) throw invalidUrl(`${refused[0]}: not allowed here`);
  const wish = newWish();
  const { options, presets } = expanded(given, context);
  for (const option of options) applyOption(wish, option, nowS);
  return { plan: planOf(wish, settings), presets, expiresAtS: wish.expiresAtS };
}

/** Reads one option of a preset to see that it can be read. Throws what it would in a URL; nothing has expired yet. */
export const tryInfoOption = (option: Option): void => applyOption(newWish(), option, 0);

const newWish = (): InfoWish => ({
  members: new Set(standard),
  canonicalNames: false,
  crop: null,
  measures: {},
  hashsum: null,
  page: 0,
  expiresAtS: null,
});

function applyOption(wish: InfoWish, [name = '', ...given]: Option, nowS: number): void {
  const read = table.get(name);
  if (read === undefined) throw invalidUrl(`there is no info option "${name}"`);
  read(wish, given, name, nowS);
}

/** The options with presets in place of their names. One that would apply itself is passed over, and so is one that is there already. */
function expanded(
  given: readonly Option[],
  { presets }: InfoContext,
): Readonly<{ options: readonly Option[]; presets: readonly string[] }> {
  const options: Option[] = [];
  const applied = new Set<string>();
  const takePreset = (name: string): void => {
    const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
    if (preset === undefined)
      throw new PileusError('preset_not_found', { detail: `There is no info preset "${name}".` });
    if (applied.has(name)) return;
    applied.add(name);
    take(preset);
  };
  const take = (each: readonly Option[]): void => {
    for (const option of each) {
      const [name = '', ...names] = option;
      if (name === 'preset' || name === 'pr') names.forEach(takePreset);
      else options.push(option);
    }
  };
  if (Object.hasOwn(presets, 'default')) takePreset('default');
  take(given);
  return { options, presets: [...applied] };
}

function planOf(wish: InfoWish, settings: ImgproxySettings): Plan {
  const { members, crop, measures } = wish;
  const isMeasured = Object.keys(measures).length > 0;
  const told = headerMembers.filter((member) => members.has(member));
  return {
    view: isMeasured ? 'measured' : 'info',
    decode: { orient: true, frames: wish.page === 0 ? 'first' : wish.page },
    steps: [],
    encode: { format: 'source' },
    ...(wish.hashsum === null ? {} : { expects: wish.hashsum }),
    ...(isMeasured ? { measures } : {}),
    report: {
      as: 'imgproxy/info',
      args: {
        members: told.join(' '),
        location: settings.infoLocation,
        canonicalNames: wish.canonicalNames,
        ...(crop === null ? {} : { crop: cropArgument(crop) }),
      },
      ...(told.some((member) => member === 'exif' || member === 'iptc' || member === 'xmp') ? { details: true } : {}),
    },
  };
}

type Read = (wish: InfoWish, given: readonly string[], name: string, nowS: number) => void;

const member =
  (which: HeaderMember): Read =>
  ({ members }, given, name) => {
    if (readFlag(only(name, given))) members.add(which);
    else members.delete(which);
  };

/** `exif:%exif:%canonical_names`. */
const exif: Read = (wish, given, name, nowS) => {
  atMost(name, given, 2);
  wish.canonicalNames = readFlag(given[1] ?? '');
  member('exif')(wish, given.slice(0, 1), name, nowS);
};

/** A measure that is asked for with a flag. */
const measured =
  (which: 'thumbhash' | 'perceptual'): Read =>
  ({ measures }, given, name) => {
    if (readFlag(only(name, given))) measures[which] = true;
    else delete measures[which];
  };

/** `alpha:%alpha:%check_transparency`. */
const alpha: Read = (wish, given, name) => {
  atMost(name, given, 2);
  member('alpha')(wish, given.slice(0, 1), name, 0);
  if (wish.members.has('alpha') && readFlag(given[1] ?? '')) wish.measures.transparency = true;
  else delete wish.measures.transparency;
};

/** `average:%average:%ignore_transparent`, which is true where it is not said. */
const average: Read = ({ measures }, given, name) => {
  atMost(name, given, 2);
  const ignores = (given[1] ?? '') === '' || readFlag(given[1] ?? '');
  if (readFlag(given[0] ?? '')) measures.average = ignores ? true : 'all';
  else delete measures.average;
};

/** `dominant_colors:%dominant_colors:%build_missed`. */
const dominantColours: Read = ({ measures }, given, name) => {
  atMost(name, given, 2);
  if (readFlag(given[0] ?? '')) measures.dominant = readFlag(given[1] ?? '') ? 'built' : true;
  else delete measures.dominant;
};

const palette: Read = ({ measures }, given, name) => {
  const colours = readInteger(name, only(name, given), 0, 256);
  if (colours === 1) throw invalidUrl(`${name}: expected 2 to 256 colours, or 0`);
  if (colours > 0) measures.palette = colours;
  else delete measures.palette;
};

/** `blurhash:%x:%y`, components 1 to 9; 0 for none. */
const blurhash: Read = ({ measures }, given, name) => {
  if (given.length !== 2) throw invalidUrl(`${name}: expected components across and down`);
  const [x, y] = [readInteger(name, given[0] ?? '', 0, 9), readInteger(name, given[1] ?? '', 0, 9)];
  if ((x === 0) !== (y === 0)) throw invalidUrl(`${name}: expected 1 to 9 components each`);
  if (x > 0) measures.blurhash = { x, y };
  else delete measures.blurhash;
};

const hashsums: Read = ({ measures }, given, name) => {
  atMost(name, given, hashNames.length);
  const wanted = hashNames.filter((each) => given.includes(each));
  if (wanted.length !== new Set(given).size || wanted.length === 0)
    throw invalidUrl(`${name}: expected some of ${hashNames.join(', ')}`);
  measures.hashsums = wanted;
};

/** `crop:%width:%height:%gravity`, as the processing option; without both sides nothing is told. */
const crop: Read = (wish, given, name) => {
  const [width = '', height = '', ...gravity] = given;
  if (gravity[0] === 'sm')
    throw new PileusError('operation_unsupported', { detail: `${name}: where content lies is not told` });
  const anchor = readGravity(name, (gravity[0] ?? '') === '' ? ['ce'] : gravity);
  const [w, h] = [width, height].map((side) => (side === '' ? 0 : readNumber(name, side))) as [number, number];
  wish.crop = w > 0 && h > 0 ? { w, h, anchor } : null;
};

/** Limits of the source are the namespace's. */
const security: Read = (_wish, _given, name) => {
  throw new PileusError('not_allowed', { detail: `${name}: limits are those of the namespace` });
};

const expires: Read = (wish, given, name, nowS) => {
  const atS = readInteger(name, only(name, given), 0, 9_007_199_254_740_991);
  if (atS > 0 && atS <= nowS) throw new PileusError('signature_expired');
  wish.expiresAtS = atS === 0 ? null : atS;
};

/** Every option and its aliases. */
const readers: readonly (readonly [names: string, read: Read])[] = [
  ['size s', member('size')],
  ['format f', member('format')],
  ['dimensions d', member('dimensions')],
  ['exif', exif],
  ['iptc', member('iptc')],
  ['xmp', member('xmp')],
  ['colorspace cs', member('colorspace')],
  ['bands b', member('bands')],
  ['sample_format sf', member('sample_format')],
  ['pages_number pn', member('pages_number')],
  ['alpha a', alpha],
  ['average avg', average],
  ['dominant_colors dc', dominantColours],
  ['palette p', palette],
  ['blurhash bh', blurhash],
  ['thumb_hash th', measured('thumbhash')],
  ['perceptual_hash phash ph', measured('perceptual')],
  ['calc_hashsums chs', hashsums],
  ['crop c', crop],
  ['page pg', page],
  // No source is a video, so that there is never anything to tell.
  ['video_meta vm', (_wish, given, name) => atMost(name, given, 1)],
  ['hashsum hs', hashsum],
  ['max_src_resolution msr', security],
  ['max_src_file_size msfs', security],
  ['cachebuster cb', (_wish, given, name) => atMost(name, given, 1)],
  ['expires exp', expires],
];

const table: ReadonlyMap<string, Read> = new Map(
  readers.flatMap(([names, read]) => names.split(' ').map((name) => [name, read] as const)),
);

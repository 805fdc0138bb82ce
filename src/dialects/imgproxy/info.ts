import type { HashName, Measures, Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { atMost, only, readFlag, readInteger } from './arguments.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ImgproxySettings } from './settings.ts';

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
  measures: { -readonly [Name in keyof Measures]: Measures[Name] };
  expiresAtS: number | null;
};

export type InfoContext = Readonly<{
  settings: Pick<ImgproxySettings, 'allowedInfoOptions' | 'infoLocation'>;
  nowS: number;
}>;

/** The plan of `/info/...`, and until when it may be asked for. Throws bad_url, signature_expired, operation_unsupported. */
export function infoPlan(
  given: readonly (readonly string[])[],
  { settings, nowS }: InfoContext,
): Readonly<{ plan: Plan; expiresAtS: number | null }> {
  const { allowedInfoOptions: allowed, infoLocation } = settings;
  const wish: InfoWish = { members: new Set(standard), measures: {}, expiresAtS: null };
  for (const [name = '', ...rest] of given) {
    const read = table.get(name);
    if (read === undefined) throw invalidUrl(`there is no info option "${name}"`);
    if (allowed.length > 0 && !allowed.includes(name)) throw invalidUrl(`${name}: not allowed here`);
    read(wish, rest, name, nowS);
  }
  const { members, measures, expiresAtS } = wish;
  const isMeasured = Object.keys(measures).length > 0;
  const told = headerMembers.filter((member) => members.has(member));
  const plan: Plan = {
    view: isMeasured ? 'measured' : 'info',
    decode: { orient: true, frames: 'first' },
    steps: [],
    encode: { format: 'source' },
    ...(isMeasured ? { measures } : {}),
    report: {
      as: 'imgproxy/info',
      args: { members: told.join(' '), location: infoLocation },
      ...(told.some((member) => member === 'exif' || member === 'iptc' || member === 'xmp') ? { details: true } : {}),
    },
  };
  return { plan, expiresAtS };
}

type Read = (wish: InfoWish, given: readonly string[], name: string, nowS: number) => void;

const member =
  (which: HeaderMember): Read =>
  ({ members }, given, name) => {
    if (readFlag(only(name, given))) members.add(which);
    else members.delete(which);
  };

/** `exif:%exif:%canonical_names`: the names are those of the standard either way. */
const exif: Read = (wish, given, name, nowS) => {
  atMost(name, given, 2);
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

/** `average:%average:%ignore_transparent`: pixels count by their alpha either way. */
const average: Read = ({ measures }, given, name) => {
  atMost(name, given, 2);
  if (readFlag(given[0] ?? '')) measures.average = true;
  else delete measures.average;
};

const dominantColours: Read = ({ measures }, given, name) => {
  atMost(name, given, 2);
  if (readFlag(given[1] ?? ''))
    throw new PileusError('operation_unsupported', { detail: `${name}: colours that are missing are not made up` });
  if (readFlag(given[0] ?? '')) measures.dominant = true;
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

const hashNames: readonly HashName[] = ['md5', 'sha1', 'sha256', 'sha512'];

const hashsums: Read = ({ measures }, given, name) => {
  atMost(name, given, hashNames.length);
  const wanted = hashNames.filter((each) => given.includes(each));
  if (wanted.length !== new Set(given).size || wanted.length === 0)
    throw invalidUrl(`${name}: expected some of ${hashNames.join(', ')}`);
  measures.hashsums = wanted;
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
  ['thumb_hash', measured('thumbhash')],
  ['perceptual_hash', measured('perceptual')],
  ['calc_hashsums chs', hashsums],
  ['cachebuster cb', (_wish, given, name) => atMost(name, given, 1)],
  ['expires exp', expires],
];

const table: ReadonlyMap<string, Read> = new Map(
  readers.flatMap(([names, read]) => names.split(' ').map((name) => [name, read] as const)),
);

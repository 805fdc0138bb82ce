import type { Config } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue, quoted, readInteger } from '../native/values.ts';
import { readBase64 } from './base64.ts';
import type { Draft } from './draft.ts';
import { isCentred, readCompass } from './gravity.ts';
import { type Pairs, readPairs } from './pairs.ts';
import { unsupported } from './refusals.ts';
import type { Vendor } from './vendor.ts';

/** Which pictures may be watermarks: by their URL as clients write it, and under the name of their asset. */
export type Watermarks = Readonly<{
  byUrl: Readonly<Record<string, string>>;
  /** Null: not known yet, any name will do. */
  assets: Config['assets'] | null;
}>;

const ownOptions = ['image', 'dissolve', 'gravity', 'dx', 'dy'];
const distanceMax = 9999;

/**
 * `watermark/1/image/<url>/...`, or several pictures in `watermark/3/image/<url>/.../image/<url>/...`. Only registered assets: their names,
 * or the URLs that the mount's settings give them, in URL-safe Base64. Throws bad_operation, bad_value, operation_unsupported
 * (text).
 */
export function watermark(words: readonly string[], draft: Draft, vendor: Vendor, watermarks: Watermarks): void {
  const [kind = '', ...rest] = words;
  if (kind === '2' || (kind === '3' && rest.some((word, at) => at % 2 === 0 && word === 'text')))
    throw unsupported('Watermarks of text cannot be drawn.');
  if (kind !== '1' && kind !== '3') throw badValue('watermark', '1, 2 or 3', kind);
  if (rest[0] !== 'image') throw badValue('watermark', '`image` first', rest[0] ?? '');
  for (const mark of kind === '1' ? [rest] : marksOf(rest)) addMark(mark, draft, vendor, watermarks);
}

/** Cuts the words where each `image` begins; names stand at every other place. */
function marksOf(words: readonly string[]): readonly (readonly string[])[] {
  const marks: string[][] = [];
  for (let at = 0; at < words.length; at += 2) {
    const name = words[at] ?? '';
    if (name === 'image') marks.push([]);
    if (name !== '' || at !== words.length - 1) marks.at(-1)?.push(...words.slice(at, at + 2));
  }
  return marks;
}

function addMark(words: readonly string[], draft: Draft, { watermark: table }: Vendor, watermarks: Watermarks): void {
  const names = new Set([...ownOptions, ...table.sizeOptions, ...table.refusedOptions.keys()]);
  const pairs = readPairs(words, 'watermark', names);
  for (const name of pairs.keys()) {
    const why = table.refusedOptions.get(name);
    if (why !== undefined) throw unsupported(why);
  }
  const gravity = readCompass(pairs.get('gravity') ?? 'SouthEast', 'gravity');
  const dx = integerOf(pairs, 'dx', 0, distanceMax, table.distance);
  const dy = integerOf(pairs, 'dy', 0, distanceMax, table.distance);
  draft.steps.push({
    op: 'watermark',
    asset: assetOf(readBase64(pairs.get('image') ?? '', 'image'), watermarks),
    gravity,
    dx: table.movesFromCentre || !isCentred(gravity, 'x') ? dx : 0,
    dy: table.movesFromCentre || !isCentred(gravity, 'y') ? dy : 0,
    opacity: integerOf(pairs, 'dissolve', 1, 100, table.dissolve),
    scalePercent: table.scalePercent(pairs),
  });
}

function integerOf(pairs: Pairs, name: string, min: number, max: number, standard: number): number {
  const raw = pairs.get(name);
  return raw ? readInteger(raw, name, min, max) : standard;
}

function assetOf(text: string, { byUrl, assets }: Watermarks): string {
  const name = Object.hasOwn(byUrl, text) ? (byUrl[text] ?? '') : text;
  if (assets === null || Object.hasOwn(assets, name)) return name;
  throw new PileusError('bad_value', {
    detail: `There is no watermark ${quoted(text.replaceAll(/[^\x20-\x7e]/g, '?'))}.`,
  });
}

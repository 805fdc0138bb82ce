import type { Config } from '../../config/config.ts';
import type { Compass, MarkLook, SourceRef, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { type MarkNames, markNamed } from '../mark-named.ts';
import { badValue, quoted, readInteger } from '../native/values.ts';
import { readBase64, readEncodedColour } from './base64.ts';
import type { Draft } from './draft.ts';
import { isCentred, readCompass } from './gravity.ts';
import { type Pairs, readPairs } from './pairs.ts';
import { unsupported } from './refusals.ts';
import type { Vendor } from './vendor.ts';

/** Which pictures may be watermarks, by their URL as clients write it; and which fonts there are. */
export type Watermarks = MarkNames &
  Readonly<{
    fonts: Readonly<Record<string, string>>;
    /** Null: not known yet, any name will do. */
    config: Pick<Config, 'assets' | 'namespaces'> | null;
  }>;

const placeOptions = ['dissolve', 'gravity', 'dx', 'dy'];
const textOptions = ['text', 'font', 'fontsize', 'fill'];
const distanceMax = 9999;

/**
 * `watermark/1/image/<url>/...`, `watermark/2/text/<text>/...`, or several of both in `watermark/3/image/<url>/.../text/<text>/...`. Pictures
 * are registered assets, by their names or the URLs that the mount's settings give them, or originals that these let URLs name, in
 * URL-safe Base64. Throws bad_operation,
 * bad_value, operation_unsupported.
 */
export function watermark(words: readonly string[], draft: Draft, vendor: Vendor, watermarks: Watermarks): void {
  const [kind = '', ...rest] = words;
  if (kind !== '1' && kind !== '2' && kind !== '3') throw badValue('watermark', '1, 2 or 3', kind);
  const first = rest[0] ?? '';
  if (first !== (kind === '2' ? 'text' : 'image') && !(kind === '3' && first === 'text'))
    throw badValue('watermark', kind === '2' ? '`text` first' : '`image` first', first);
  for (const mark of kind === '3' ? marksOf(rest) : [rest]) {
    draft.steps.push(mark[0] === 'text' ? textStep(mark, vendor, watermarks) : pictureStep(mark, vendor, watermarks));
  }
}

/** Cuts the words where each `image` or `text` begins; names stand at every other place. */
function marksOf(words: readonly string[]): readonly (readonly string[])[] {
  const marks: string[][] = [];
  for (let at = 0; at < words.length; at += 2) {
    const name = words[at] ?? '';
    if (name === 'image' || name === 'text') marks.push([]);
    if (name !== '' || at !== words.length - 1) marks.at(-1)?.push(...words.slice(at, at + 2));
  }
  return marks;
}

function pictureStep(words: readonly string[], { watermark: table }: Vendor, watermarks: Watermarks): Step {
  const pairs = readMark(words, table, ['image', ...table.sizeOptions]);
  return {
    op: 'watermark',
    asset: pictureOf(readBase64(pairs.get('image') ?? '', 'image'), watermarks),
    ...placeOf(pairs, table),
    scalePercent: table.scalePercent(pairs),
  };
}

function textStep(words: readonly string[], { watermark: table }: Vendor, watermarks: Watermarks): Step {
  const pairs = readMark(words, table, textOptions);
  const { text } = table;
  const [font, size, fill] = [pairs.get('font'), pairs.get('fontsize'), pairs.get('fill')];
  return {
    op: 'text',
    text: readBase64(pairs.get('text') ?? '', 'text'),
    font: fontOf(font ? readBase64(font, 'font') : text.font, watermarks),
    size: size ? text.readSize(size) : text.size,
    colour: fill ? readEncodedColour(fill, 'fill') : text.colour,
    ...placeOf(pairs, table),
  };
}

function readMark(words: readonly string[], table: Vendor['watermark'], own: readonly string[]): Pairs {
  const names = new Set([...placeOptions, ...own, ...table.lookOptions, ...table.refusedOptions.keys()]);
  const pairs = readPairs(words, 'watermark', names);
  for (const name of pairs.keys()) {
    const why = table.refusedOptions.get(name);
    if (why !== undefined) throw unsupported(why);
  }
  return pairs;
}

type Placed = Readonly<{ gravity: Compass; dx: number; dy: number; opacity: number }> & MarkLook;

function placeOf(pairs: Pairs, table: Vendor['watermark']): Placed {
  const gravity = readCompass(pairs.get('gravity') ?? 'SouthEast', 'gravity');
  const dx = integerOf(pairs, 'dx', 0, distanceMax, table.distance);
  const dy = integerOf(pairs, 'dy', 0, distanceMax, table.distance);
  return {
    gravity,
    dx: table.movesFromCentre || !isCentred(gravity, 'x') ? dx : 0,
    dy: table.movesFromCentre || !isCentred(gravity, 'y') ? dy : 0,
    opacity: integerOf(pairs, 'dissolve', 1, 100, table.dissolve),
    ...table.look(pairs),
  };
}

function integerOf(pairs: Pairs, name: string, min: number, max: number, standard: number): number {
  const raw = pairs.get(name);
  return raw ? readInteger(raw, name, min, max) : standard;
}

function pictureOf(text: string, watermarks: Watermarks): string | SourceRef {
  const mark = watermarks.config === null ? text : markNamed(text, watermarks, watermarks.config);
  if (mark !== null) return mark;
  throw new PileusError('bad_value', {
    detail: `There is no watermark ${quoted(text.replaceAll(/[^\x20-\x7e]/g, '?'))}.`,
  });
}

function fontOf(text: string, { fonts, config }: Watermarks): string {
  const name = Object.hasOwn(fonts, text) ? (fonts[text] ?? '') : text;
  if (config === null || (Object.hasOwn(config.assets, name) && config.assets[name]?.font)) return name;
  throw new PileusError('bad_value', {
    detail: `There is no font ${quoted(text.replaceAll(/[^\x20-\x7e]/g, '?'))}.`,
  });
}

import { PileusError } from '../../shared/errors.ts';
import { readNumber, readWhole } from '../read-number.ts';
import type { Crop, Params, Side } from './params.ts';
import { closeAtDelimiter, closeBalanced, splitFilters } from './split-filters.ts';

/** imagor's grammar has thumbor's in it, and more. */
export type Flavour = 'thumbor' | 'imagor';

/** Longest side, and furthest corner of a crop, that a path may name. */
const pixelsMax = 100_000;

/**
 * Reads the options in their one order, then the filters; what is left is the image. An option only counts as one with a slash behind
 * it, so an image may be called `smart`. Throws bad_url, bad_value, or operation_unsupported for the debug view.
 */
export function readPath(text: string, flavour: Flavour): Params {
  const isImagor = flavour === 'imagor';
  const words = new Words(text);
  if (!isImagor && words.take(/^debug$/)) {
    throw new PileusError('operation_unsupported', { detail: 'There is no debug view.' });
  }
  const meta = words.take(/^meta$/) !== null;
  const trim = words.take(/^trim(?::(top-left|bottom-right))?(?::([0-9]+))?$/);
  const crop = words.take(isImagor ? shareCrop : pixelCrop);
  const fitIn = words.take(/^(adaptive-)?(full-)?fit-in$/);
  const stretch = isImagor && words.take(/^stretch$/) !== null;
  const size = words.take(/^(-)?([0-9]+|orig)?x(-)?([0-9]+|orig)?$/);
  const padding = isImagor ? words.take(/^([0-9]+)x([0-9]+)(?::([0-9]+)x([0-9]+))?$/) : null;
  const halign = words.take(/^(left|right|center)$/);
  const valign = words.take(/^(top|bottom|middle)$/);
  const smart = words.take(/^smart$/) !== null;
  const { filters, image } = readFilters(words.rest, isImagor);
  return {
    meta,
    trim: trim && { by: trim[1] === 'bottom-right' ? trim[1] : 'top-left', tolerance: sideOf(trim[2] ?? '0', 'trim') },
    crop: crop && readCrop(crop.slice(1), isImagor),
    fitIn: fitIn && { adaptive: fitIn[1] !== undefined, full: fitIn[2] !== undefined },
    stretch,
    size: size && {
      width: readSide(size[2], 'width'),
      height: readSide(size[4], 'height'),
      flipX: size[1] !== undefined,
      flipY: size[3] !== undefined,
    },
    padding: padding && readPadding(padding.slice(1)),
    halign: (halign?.[1] ?? null) as Params['halign'],
    valign: (valign?.[1] ?? null) as Params['valign'],
    smart,
    filters,
    image,
  };
}

const pixelCrop = /^([0-9]+)x([0-9]+):([0-9]+)x([0-9]+)$/;
const shareCrop = /^((?:0?\.)?[0-9]+)x((?:0?\.)?[0-9]+):((?:[01]?\.)?[0-9]+)x((?:[01]?\.)?[0-9]+)$/;

/** The segments of a path, taken one by one where they are what is looked for. */
class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    const end = this.#text.indexOf('/', this.#at);
    if (end < 0 || end - this.#at > wordCharactersMax) return null;
    const match = pattern.exec(this.#text.slice(this.#at, end));
    if (match !== null) this.#at = end + 1;
    return match;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }
}

/** The longest option is four numbers; what is longer is an image. */
const wordCharactersMax = 128;

const sideOf = (raw: string, name: string): number => readWhole(raw, name, 0, pixelsMax);

/** 0 and nothing are a free side. */
function readSide(raw: string | undefined, name: string): Side {
  if (raw === 'orig') return 'orig';
  const side = sideOf(raw ?? '0', name);
  return side === 0 ? null : side;
}

/** In imagor corners that both lie in the unit square are shares, whether or not they are written with a point. */
function readCrop(raw: readonly string[], isImagor: boolean): Crop {
  const [left = 0, top = 0, right = 0, bottom = 0] = raw.map((side) => readNumber(side, 'crop', 0, pixelsMax));
  const isShare = isImagor && left < 1 && top < 1 && right <= 1 && bottom <= 1;
  if (!isShare && raw.some((side) => side.includes('.'))) {
    throw new PileusError('bad_value', { detail: 'A crop is in pixels, or all of it in shares up to 1.' });
  }
  return { left, top, right, bottom, unit: isShare ? 'share' : 'px' };
}

function readPadding(raw: readonly (string | undefined)[]): NonNullable<Params['padding']> {
  const left = sideOf(raw[0] ?? '0', 'padding');
  const top = sideOf(raw[1] ?? '0', 'padding');
  return { left, top, right: sideOf(raw[2] ?? `${left}`, 'padding'), bottom: sideOf(raw[3] ?? `${top}`, 'padding') };
}

function readFilters(text: string, isImagor: boolean): Pick<Params, 'filters' | 'image'> {
  if (!text.startsWith('filters:')) return { filters: [], image: text };
  const { filters, rest } = splitFilters(text.slice('filters:'.length), isImagor ? closeBalanced : closeAtDelimiter);
  return { filters, image: rest };
}

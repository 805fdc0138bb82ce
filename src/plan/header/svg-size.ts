import { type ByteView, endOfBytes, malformed } from './byte-view.ts';
import type { HeaderRead } from './header-result.ts';
import { plainHeader } from './plain-header.ts';
import { openSvgParser, type QualifiedTag } from './svg-parser.ts';
import { svgText } from './svg-text.ts';

/**
 * SVG: the size that its root element gives it, in CSS pixels, rounded. Width and height count where they are lengths; where one
 * of them is missing or a share, the view box fills it in; without either it is 300 x 150, as in browsers.
 */
export const readSvg = (file: ByteView): HeaderRead => {
  const root = rootOf(svgText(file.arrived));
  if (root === null) throw endOfBytes;
  if (root.local !== 'svg') throw malformed();
  const size = svgSize((name) => attributeOf(root, name));
  return { header: plainHeader('svg', size, true), final: true, bytesMin: 0 };
};

export type SvgSize = Readonly<{ width: number; height: number }>;

/** Size by the attributes of a root element. Throws `undecodable` for what is no size. */
export function svgSize(attribute: (name: string) => string | undefined): SvgSize {
  const box = viewBox(attribute('viewBox'));
  const width = lengthOf(attribute('width'), box?.width);
  const height = lengthOf(attribute('height'), box?.height);
  const ratio = box && box.width > 0 && box.height > 0 ? box.width / box.height : null;
  return {
    width: pixelsOf(width ?? (height !== null && ratio ? height * ratio : (box?.width ?? 300))),
    height: pixelsOf(height ?? (width !== null && ratio ? width / ratio : (box?.height ?? 150))),
  };
}

/** An unprefixed attribute. */
export const attributeOf = (tag: QualifiedTag, name: string): string | undefined =>
  Object.hasOwn(tag.attributes, name) ? tag.attributes[name]?.value : undefined;

/** The first element, or null where the bytes end before it does. */
function rootOf(text: string): QualifiedTag | null {
  const parser = openSvgParser();
  let root: QualifiedTag | null = null;
  parser.onopentag = (tag) => {
    root = tag as QualifiedTag;
    throw rootFound;
  };
  try {
    parser.write(text);
  } catch (error) {
    if (error !== rootFound) throw error;
  }
  return root;
}

/** Thrown, always this one object, to leave the parser. */
const rootFound = new Error('root found');

/** CSS pixels in a unit. `em` and `ex` are those of the initial font. */
const units: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  em: 16,
  ex: 8,
};

const length =
  /^\s*([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,2})?)\s*(px|pt|pc|in|cm|mm|em|ex|%|)\s*$/i;

/** Null where an attribute says nothing that counts. */
function lengthOf(text: string | undefined, whole: number | undefined): number | null {
  const [, number, unit = ''] = length.exec(text ?? '') ?? [];
  if (number === undefined) return null;
  if (unit === '%') return whole === undefined ? null : (whole * Number(number)) / 100;
  return Number(number) * (units[unit.toLowerCase()] ?? 1);
}

function viewBox(text: string | undefined): SvgSize | null {
  const numbers = (text ?? '')
    .slice(0, 200)
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , width, height] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  return width !== undefined && height !== undefined && width > 0 && height > 0 ? { width, height } : null;
}

/** What is no positive number is no picture; what is tiny has a pixel; what is huge is left to the limits. */
function pixelsOf(size: number): number {
  if (!(size > 0)) throw malformed();
  return Math.min(2 ** 31, Math.max(1, Math.round(size)));
}

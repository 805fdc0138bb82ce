import type { OutputFormat, QualitySearch } from '../../plan/plan.ts';
import type { Token } from './token.ts';
import { badValue, readExact, readInteger, writeExact } from './values.ts';

/** Formats that have a quality, in canonical order. */
const searched = ['jpg', 'webp', 'avif'] as const satisfies readonly OutputFormat[];

type Searched = (typeof searched)[number];

const expected =
  'b or d with a target, e with an error, and format.min.max for some of jpg, webp, avif, colons between them';
const numberMax = 2_147_483_647;

/**
 * `d0.02:e0.001:jpg.70.80.avif.40.50`: by DSSIM, or by bytes (`b`); the bounds of each format; at the end `:p5000000`, most pixels of
 * a result that is searched for.
 */
export const searchToken: Token<QualitySearch> = {
  read: (raw, name) => {
    const [target = '', error = '', bounds = '', pixels, ...rest] = raw.split(':', 5);
    if (!/^[bd]/.test(target) || !error.startsWith('e') || rest.length > 0) throw badValue(name, expected, raw);
    if (pixels !== undefined && !pixels.startsWith('p')) throw badValue(name, expected, raw);
    return {
      by: target.startsWith('b') ? 'bytes' : 'dssim',
      target: readExact(target.slice(1), name, 0, numberMax),
      error: readExact(error.slice(1), name, 0, 1),
      ...readBounds(bounds, name),
      ...(pixels === undefined ? {} : { pixelsMax: readInteger(pixels.slice(1), name, 1, numberMax) }),
    };
  },
  write: ({ by, target, error, min, max, pixelsMax }) =>
    [
      `${by === 'bytes' ? 'b' : 'd'}${writeExact(target)}`,
      `e${writeExact(error)}`,
      searched
        .filter((format) => min[format] !== undefined && max[format] !== undefined)
        .map((format) => `${format}.${min[format]}.${max[format]}`)
        .join('.'),
      ...(pixelsMax === undefined ? [] : [`p${pixelsMax}`]),
    ].join(':'),
};

function readBounds(raw: string, name: string): Pick<QualitySearch, 'min' | 'max'> {
  const parts = raw.split('.', 3 * searched.length + 1);
  const min: Partial<Record<Searched, number>> = {};
  const max: Partial<Record<Searched, number>> = {};
  for (let at = 0; at < parts.length; at += 3) {
    const format = searched.find((known) => known === parts[at]);
    if (format === undefined || min[format] !== undefined) throw badValue(name, expected, raw);
    min[format] = readInteger(parts[at + 1] ?? '', name, 1, 100);
    max[format] = readInteger(parts[at + 2] ?? '', name, min[format], 100);
  }
  return { min, max };
}

/** The media types of info.json. */
export const jsonType = 'application/json';
export const jsonLdType = 'application/ld+json';

/**
 * Is info.json wanted as JSON-LD? Version 3 prefers it unless plain JSON has the greater weight; in version 2 it has to be named
 * (section 5.1 of both). Linear in the header.
 */
export function wantsJsonLd(accept: string, version: 2 | 3): boolean {
  const ranges = rangesOf(accept);
  const named = ranges.get(jsonLdType);
  if (version === 2) return named !== undefined && named > 0 && named >= (ranges.get(jsonType) ?? 0);
  return weightOf(jsonLdType, ranges) >= weightOf(jsonType, ranges);
}

type Ranges = ReadonlyMap<string, number>;

/** The most specific range that has the type decides (RFC 9110, 12.5.1). */
const weightOf = (type: string, ranges: Ranges): number =>
  ranges.get(type) ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0;

function rangesOf(accept: string): Ranges {
  const ranges = new Map<string, number>();
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    // Parameters such as a profile make ranges of their own; the best of a type counts.
    ranges.set(type, Math.max(ranges.get(type) ?? 0, weightIn(parameters)));
  }
  return ranges;
}

function weightIn(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  if (weight === undefined) return 1;
  const value = Number(weight.slice(2));
  return value >= 0 && value <= 1 ? value : 0;
}

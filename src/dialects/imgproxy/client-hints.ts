/** What a client says of its screen: the width that the picture will have there, in its own pixels, and its pixel ratio. */
export type ClientHints = Readonly<{ width: number | null; dpr: number | null }>;

/** The headers that say so, the newer names first. */
export const hintHeaders = ['sec-ch-dpr', 'dpr', 'sec-ch-width', 'width'] as const;

/** For caches. */
export const hintVary = 'Sec-CH-DPR, DPR, Sec-CH-Width, Width';

/** A ratio over this is no screen's. */
const dprMax = 8;
const widthMax = 100_000;

/** The hints of a request. What is no number of a screen says nothing. */
export function readHints(headers: Readonly<Record<string, string>>): ClientHints {
  const dpr = positive(headers['sec-ch-dpr'] ?? headers.dpr, dprMax);
  const device = positive(headers['sec-ch-width'] ?? headers.width, widthMax);
  // The ratio will be multiplied in again.
  return { dpr, width: device === null ? null : Math.round(device / (dpr ?? 1)) || null };
}

function positive(text: string | undefined, max: number): number | null {
  const value = /^\d{1,6}(?:\.\d{1,6})?$/.test(text ?? '') ? Number(text) : 0;
  return value > 0 && value <= max ? value : null;
}

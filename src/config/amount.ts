/**
 * Amounts with a suffix: `32MiB`, `1.5GiB`, `250ms`, `5s`. The suffixes belong to the unit of an option; a bare
 * number is in the unit itself.
 */
const suffixes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  bytes: {
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40,
  },
  ms: { ms: 1, s: 1e3, min: 60e3, h: 3600e3, d: 86_400e3 },
};

/** Suffixes that round numbers are written with, largest first. */
const shown: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  bytes: [
    ['TiB', 2 ** 40],
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ],
  ms: [
    ['d', 86_400e3],
    ['h', 3600e3],
    ['min', 60e3],
    ['s', 1e3],
    ['ms', 1],
  ],
};

/** A number out of text, in `unit`; null where it is none, or its suffix does not belong to the unit. */
export function parseAmount(text: string, unit: string | undefined): number | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  if (!match) return null;
  const [, digits = '', suffix = ''] = match;
  if (suffix === '') return Number(digits);
  const known = suffixes[unit ?? ''] ?? {};
  const name = suffix.toLowerCase();
  return Object.hasOwn(known, name) ? Number(digits) * (known[name] ?? 1) : null;
}

/** The shortest exact spelling that `parseAmount` reads back: 33554432 bytes -> `32MiB`, 1500 ms -> `1500ms`. */
export function formatAmount(amount: number, unit: string | undefined): string {
  const fit = (shown[unit ?? ''] ?? []).find(([, factor]) => amount >= factor && amount % factor === 0);
  return fit ? `${amount / fit[1]}${fit[0]}` : String(amount);
}

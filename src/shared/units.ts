export const KiB = 1024;
export const MiB = 1024 * 1024;
export const GiB = 1024 * 1024 * 1024;

/** `x` held between `low` and `high`; NaN gives `low`, so that a bad report can never poison a comparison. */
export const clamp = (x: number, low: number, high: number): number =>
  Number.isNaN(x) ? low : Math.min(high, Math.max(low, x));

import type { Rgba } from '../plan/plan.ts';

/** Channels 0..255, alpha 0..1, as sharp wants them. */
export type Colour = Readonly<{ r: number; g: number; b: number; alpha: number }>;

/** Eight (or six, then opaque) hex digits as a colour. */
export const colour = (hex: Rgba): Colour => ({
  r: byteAt(hex, 0),
  g: byteAt(hex, 2),
  b: byteAt(hex, 4),
  alpha: hex.length < 8 ? 1 : byteAt(hex, 6) / 255,
});

const byteAt = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);

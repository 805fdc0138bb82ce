import type { HashName } from './plan.ts';

/** The kinds of colours that interfaces are built from. */
export type DominantKind = 'vibrant' | 'light_vibrant' | 'dark_vibrant' | 'muted' | 'light_muted' | 'dark_muted';

/** Channels 0..255. */
export type MeasuredColour = Readonly<{ r: number; g: number; b: number; a: number }>;

/** What was asked for, and nothing else. */
export type Measured = Readonly<{
  average?: MeasuredColour;
  /** The most frequent first. */
  palette?: readonly MeasuredColour[];
  dominant?: Partial<Record<DominantKind, MeasuredColour>>;
  blurhash?: string;
  /** Base64. */
  thumbhash?: string;
  /** 16 hex digits. */
  perceptual?: string;
  transparency?: boolean;
  /** Hex. */
  hashsums?: Partial<Record<HashName, string>>;
}>;

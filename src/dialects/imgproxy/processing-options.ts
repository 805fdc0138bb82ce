import type { Anchor, LayoutFilter, Rgba } from '../../plan/plan.ts';

/** Formats by their names in a URL. */
export type FormatName = 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp' | 'ico' | 'svg' | 'heic' | 'jxl';

/** What the options of a URL add up to; later ones overwrite earlier ones, order means nothing else. */
export type ProcessingOptions = {
  type: 'fit' | 'fill' | 'fill-down' | 'force' | 'auto';
  width: number;
  height: number;
  minWidth: number;
  minHeight: number;
  zoomX: number;
  zoomY: number;
  dpr: number;
  enlarge: boolean;
  extend: Anchor | null;
  extendRatio: Anchor | null;
  gravity: Anchor;
  /** A gravity of its own, or the picture's. */
  crop: Readonly<{ w: number; h: number; anchor: Anchor | null }> | null;
  trim: Readonly<{ threshold: number; colour: Rgba | null; equalX: boolean; equalY: boolean }> | null;
  padding: Readonly<{ top: number; right: number; bottom: number; left: number }>;
  autoRotate: boolean;
  rotate: number;
  flipX: boolean;
  flipY: boolean;
  background: Rgba | null;
  blur: number;
  sharpen: number;
  pixelate: number;
  /** -255..255 added to every channel. */
  brightness: number;
  /** Factors; 1 = same. */
  contrast: number;
  saturation: number;
  duotone: Extract<LayoutFilter, { op: 'duotone' }> | null;
  colorize: Extract<LayoutFilter, { op: 'colorize' }> | null;
  gradient: Extract<LayoutFilter, { op: 'gradient' }> | null;
  blurAreas: Extract<LayoutFilter, { op: 'redact' }> | null;
  /** Longest side of the result; 0: no limit. */
  sideMax: number;
  watermark: Readonly<{
    opacity: number;
    anchor: Anchor | 'repeat' | 'chess';
    x: number;
    y: number;
    scale: number;
  }> | null;
  /** In place of the configured picture; empty: that one. */
  watermarkText: string;
  watermarkDegrees: number;
  /** Sigma of its shadow; 0: none. */
  watermarkShadow: number;
  stripMetadata: boolean;
  keepCopyright: boolean;
  stripColorProfile: boolean;
  /** 0: by format. */
  quality: number;
  formatQuality: Readonly<Partial<Record<FormatName, number>>>;
  maxBytes: number;
  format: FormatName | null;
  skipProcessing: readonly FormatName[];
  raw: boolean;
  expiresAtS: number | null;
  filename: string | null;
  attachment: boolean;
  /** Presets that were applied. */
  presets: string[];
};

/** What a server's configuration changes in the defaults. */
export type OptionDefaults = Readonly<{
  autoRotate: boolean;
  stripMetadata: boolean;
  keepCopyright: boolean;
  stripColorProfile: boolean;
  attachment: boolean;
  sideMax: number;
}>;

const centre: Anchor = { kind: 'compass', at: 'c', x: 0, y: 0 };

export const startOptions = (defaults: OptionDefaults): ProcessingOptions => ({
  type: 'fit',
  width: 0,
  height: 0,
  minWidth: 0,
  minHeight: 0,
  zoomX: 1,
  zoomY: 1,
  dpr: 1,
  enlarge: false,
  extend: null,
  extendRatio: null,
  gravity: centre,
  crop: null,
  trim: null,
  padding: { top: 0, right: 0, bottom: 0, left: 0 },
  rotate: 0,
  flipX: false,
  flipY: false,
  background: null,
  blur: 0,
  sharpen: 0,
  pixelate: 0,
  brightness: 0,
  contrast: 1,
  saturation: 1,
  duotone: null,
  colorize: null,
  gradient: null,
  blurAreas: null,
  watermark: null,
  watermarkText: '',
  watermarkDegrees: 0,
  watermarkShadow: 0,
  quality: 0,
  formatQuality: {},
  maxBytes: 0,
  format: null,
  skipProcessing: [],
  raw: false,
  expiresAtS: null,
  filename: null,
  presets: [],
  ...defaults,
});

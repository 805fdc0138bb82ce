import type { Anchor, Kernel, LayoutFilter, Plan, Rgba } from '../../plan/plan.ts';
import type { Autoquality, EncoderSettings } from './encoder-settings.ts';

/** Formats by their names in a URL. */
export const formatNames = ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff', 'bmp', 'ico', 'svg', 'heic', 'jxl'] as const;
export type FormatName = (typeof formatNames)[number];

/** `auto`: where the picture was made smaller and is not sharpened otherwise. */
export type Unsharp = Readonly<{ mode: 'auto' | 'none' | 'always'; weight: number; divider: number }>;

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
  /** Width / height of that crop; 0: as it is. `grow`: its shorter side is made longer where there is picture. */
  cropRatio: Readonly<{ ratio: number; grow: boolean }>;
  /** null: lanczos3. */
  kernel: Kernel | null;
  trim: Readonly<{ threshold: number; colour: Rgba | null; equalX: boolean; equalY: boolean }> | null;
  padding: Readonly<{ top: number; right: number; bottom: number; left: number }>;
  autoRotate: boolean;
  rotate: number;
  flipX: boolean;
  flipY: boolean;
  background: Rgba | null;
  /** Of the background, 0..1. */
  backgroundAlpha: number;
  blur: number;
  sharpen: number;
  unsharp: Unsharp;
  pixelate: number;
  /** -255..255 added to every channel. */
  brightness: number;
  /** Factors; 1 = same. */
  contrast: number;
  saturation: number;
  monochrome: Extract<LayoutFilter, { op: 'monochrome' }> | null;
  duotone: Extract<LayoutFilter, { op: 'duotone' }> | null;
  colorize: Extract<LayoutFilter, { op: 'colorize' }> | null;
  gradient: Extract<LayoutFilter, { op: 'gradient' }> | null;
  progressiveBlur: Extract<LayoutFilter, { op: 'progressiveBlur' }> | null;
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
  /** In place of the configured picture, the text first; empty: that one. */
  watermarkText: string;
  watermarkUrl: string;
  /** Where the mark has no scale: the largest that fits; 0: free. */
  watermarkSize: Readonly<{ w: number; h: number }>;
  watermarkDegrees: number;
  /** Sigma of its shadow; 0: none. */
  watermarkShadow: number;
  stripMetadata: boolean;
  keepCopyright: boolean;
  stripColorProfile: boolean;
  preserveHdr: boolean;
  /** Profile that the result is to carry. */
  colorProfile: 'srgb' | null;
  /** 0: by format. */
  quality: number;
  formatQuality: Readonly<Partial<Record<FormatName, number>>>;
  maxBytes: number;
  /** In place of the mount's settings. */
  encoders: Readonly<Partial<EncoderSettings>>;
  autoquality: Autoquality;
  format: FormatName | 'best' | null;
  page: number;
  pages: number;
  disableAnimation: boolean;
  /** 0: what metadata says. */
  dpi: number;
  hashsum: NonNullable<Plan['expects']> | null;
  skipProcessing: readonly FormatName[];
  raw: boolean;
  expiresAtS: number | null;
  filename: string | null;
  attachment: boolean;
  /** URL of the picture that stands in where the source cannot be had; null: the mount's. */
  fallbackUrl: string | null;
  /** Presets that were applied. */
  presets: string[];
};

/** What a server's configuration, and what its clients say of their screens, changes in the defaults. */
export type OptionDefaults = Readonly<{
  width?: number;
  dpr?: number;
  autoRotate: boolean;
  stripMetadata: boolean;
  keepCopyright: boolean;
  stripColorProfile: boolean;
  preserveHdr: boolean;
  attachment: boolean;
  sideMax: number;
  unsharp: Unsharp;
  skipProcessing: readonly FormatName[];
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
  cropRatio: { ratio: 0, grow: false },
  kernel: null,
  trim: null,
  padding: { top: 0, right: 0, bottom: 0, left: 0 },
  rotate: 0,
  flipX: false,
  flipY: false,
  background: null,
  backgroundAlpha: 1,
  blur: 0,
  sharpen: 0,
  pixelate: 0,
  brightness: 0,
  contrast: 1,
  saturation: 1,
  monochrome: null,
  duotone: null,
  colorize: null,
  gradient: null,
  progressiveBlur: null,
  blurAreas: null,
  watermark: null,
  colorProfile: null,
  watermarkText: '',
  watermarkUrl: '',
  watermarkSize: { w: 0, h: 0 },
  watermarkDegrees: 0,
  watermarkShadow: 0,
  quality: 0,
  formatQuality: {},
  maxBytes: 0,
  encoders: {},
  autoquality: {},
  format: null,
  page: 0,
  pages: 1,
  disableAnimation: false,
  dpi: 0,
  hashsum: null,
  raw: false,
  expiresAtS: null,
  filename: null,
  fallbackUrl: null,
  presets: [],
  ...defaults,
});

/** Options that leave a picture as it is. */
export const idleOptions = (): ProcessingOptions =>
  startOptions({
    autoRotate: true,
    stripMetadata: true,
    keepCopyright: true,
    stripColorProfile: true,
    preserveHdr: false,
    attachment: false,
    sideMax: 0,
    unsharp: { mode: 'none', weight: 1, divider: 24 },
    skipProcessing: [],
  });

/** What belongs to the result as a whole: it is the same for all pipelines of a chain, whichever of them says it. */
const shared = [
  'autoRotate',
  'background',
  'backgroundAlpha',
  'stripMetadata',
  'keepCopyright',
  'stripColorProfile',
  'preserveHdr',
  'colorProfile',
  'quality',
  'formatQuality',
  'maxBytes',
  'encoders',
  'autoquality',
  'format',
  'page',
  'pages',
  'disableAnimation',
  'dpi',
  'hashsum',
  'skipProcessing',
  'raw',
  'expiresAtS',
  'filename',
  'attachment',
  'fallbackUrl',
  'presets',
] as const satisfies readonly (keyof ProcessingOptions)[];

/** Where the next pipeline of a chain begins: with the result of the one before, and nothing to do. */
export const nextPipeline = (before: ProcessingOptions, defaults: OptionDefaults): ProcessingOptions => ({
  ...startOptions({ ...defaults, width: 0, dpr: 1 }),
  ...Object.fromEntries(shared.map((name) => [name, before[name]])),
});

import { z } from 'zod';
import { webpPresets } from '../../plan/tuning.ts';

export const webpCompressions = ['lossy', 'near_lossless', 'lossless'] as const;
export const webpPresetNames = ['default', ...webpPresets] as const;
export const avifSubsamples = ['auto', 'on', 'off'] as const;

/** What a mount may say of the encoders of single formats. */
export const encoderSettings = {
  /** null: as the options of the namespace have it. */
  jpegProgressive: z.boolean().nullable().default(null),
  jpegNoSubsample: z.boolean().default(false),
  jpegTrellisQuant: z.boolean().default(false),
  jpegOvershootDeringing: z.boolean().default(false),
  jpegOptimizeScans: z.boolean().default(false),
  jpegQuantTable: z.number().int().min(0).max(8).default(0),
  pngInterlaced: z.boolean().nullable().default(null),
  pngQuantize: z.boolean().default(false),
  pngQuantizationColors: z.number().int().min(2).max(256).default(256),
  webpCompression: z.enum(webpCompressions).default('lossy'),
  webpSmartSubsample: z.boolean().default(false),
  webpPreset: z.enum(webpPresetNames).default('default'),
  avifSubsample: z.enum(avifSubsamples).default('auto'),
};

export type EncoderSettings = {
  readonly [Name in keyof typeof encoderSettings]: z.infer<(typeof encoderSettings)[Name]>;
};

export const autoqualityMethods = ['none', 'size', 'dssim', 'ml'] as const;

const quality = z.number().int().min(1).max(100);

/** What a mount may say of the search for a quality. */
export const autoqualitySettings = {
  autoqualityMethod: z.enum(autoqualityMethods).default('none'),
  /** Bytes, or DSSIM. */
  autoqualityTarget: z.number().positive().max(2_147_483_647).default(0.02),
  autoqualityMin: quality.default(70),
  autoqualityFormatMin: z.record(z.string(), quality).default({ avif: 40 }),
  autoqualityMax: quality.default(80),
  autoqualityFormatMax: z.record(z.string(), quality).default({ avif: 50 }),
  autoqualityAllowedError: z.number().min(0).max(1).default(0.001),
  /** Megapixels of a result above which its quality is not searched for; 0: it always is. */
  autoqualityMaxResolution: z.number().min(0).max(2000).default(0),
};

export type AutoqualitySettings = {
  readonly [Name in keyof typeof autoqualitySettings]: z.infer<(typeof autoqualitySettings)[Name]>;
};

/** What a URL says in place of the mount's settings; `min` and `max` are of all formats. */
export type Autoquality = Readonly<{
  method?: AutoqualitySettings['autoqualityMethod'];
  target?: number;
  min?: number;
  max?: number;
  error?: number;
}>;

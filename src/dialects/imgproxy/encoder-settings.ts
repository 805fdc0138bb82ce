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

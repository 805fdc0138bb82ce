import { z } from 'zod';
import { marksSchema } from '../mark-named.ts';

/** What thumbor and imagor do where nothing says otherwise. */
export type Defaults = Readonly<{ quality: number; progressive: boolean; respectOrientation: boolean }>;

/** The settings of a mount of the family, with a server's own defaults. */
export const settingsWith = (defaults: Defaults) =>
  z.strictObject({
    /** Secrets; a signature by any of them is good. */
    keys: z.array(z.string().min(1).max(256)).max(8).default([]),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha1'),
    /** Characters that a signature is cut to; null for all of it. */
    signatureLength: z.int().min(17).max(88).nullable().default(null),
    /** Are URLs with `unsafe` for a signature answered? */
    unsafe: z.boolean().default(false),
    /** May unsafe URLs reach a namespace that has keys of its own? */
    open: z.boolean().default(false),
    quality: z.int().min(1).max(100).default(defaults.quality),
    progressive: z.boolean().default(defaults.progressive),
    respectOrientation: z.boolean().default(defaults.respectOrientation),
    /** Formats that Accept may choose where no filter names one. */
    autoFormats: z
      .array(z.enum(['webp', 'avif']))
      .max(2)
      .default([]),
    /** Registered assets by what watermark filters call them; an asset's own name always works. */
    watermarks: z.record(z.string().max(1024), z.string().max(64)).default({}),
    marks: marksSchema,
    /** Registered fonts by what labels call them; an asset's own name always works. */
    fonts: z.record(z.string().max(256), z.string().max(64)).default({}),
    /** The font of labels that name none. */
    font: z.string().max(64).nullable().default(null),
  });

export type Settings = z.infer<ReturnType<typeof settingsWith>>;

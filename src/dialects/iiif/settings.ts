import { z } from 'zod';

/** What a mount of the grammar may set. */
export const iiifSettings = z.strictObject({
  /** 2 is Image API 2.1, 3 is 3.0. */
  version: z.union([z.literal(2), z.literal(3)]).default(3),
  /** Are URLs answered although the namespace has keys? This grammar has no signatures. */
  open: z.boolean().default(false),
  /** May pictures be enlarged: with `^` in version 3, by any size in version 2? null: in version 3 only. */
  upscaling: z.boolean().nullable().default(null),
  /** A box `!w,h` around a smaller region: an error, as the public validator asks, or the region as it is. */
  confined: z.enum(['error', 'keep']).default('error'),
  /** Pixels of a tile that info.json proposes; null: as high as wide. */
  tileWidth: z.int().min(16).max(16_384).default(512),
  tileHeight: z.int().min(16).max(16_384).nullable().default(null),
  /** What stands before the mount's place in the URLs that answers name; null: scheme and host of the request. */
  publicUrl: z
    .string()
    .regex(
      /^https?:\/\/[^\s"<>?#/]+(?:\/[^\s"<>?#/]+)*$/,
      'expected a URL such as https://images.example.org, without a slash at its end',
    )
    .nullable()
    .default(null),
});

export type IiifSettings = z.infer<typeof iiifSettings>;

/** May pictures become larger than the region they show? */
export const allowsUpscaling = ({ upscaling, version }: IiifSettings): boolean => upscaling ?? version === 3;

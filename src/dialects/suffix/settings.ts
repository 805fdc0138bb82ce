import { z } from 'zod';

const sizePattern = /^([1-9][0-9]{0,3})x([1-9][0-9]{0,3})$/;

/** `290x290` as numbers. */
const size = z.string().regex(sizePattern, 'expected <width>x<height> in pixels');

export const suffixSettings = z.strictObject({
  /** First segment of URLs that name a preset: `/prew/<preset>/<key>`; null for none. */
  presets: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected one segment of a path')
    .nullable()
    .default('prew'),
  /** What stands before the keys of originals that presets are asked for with, such as `photo/`. */
  originals: z
    .string()
    .regex(/^(?:[A-Za-z0-9._-]+\/)*$/, 'expected folders such as photo/')
    .refine((folders) => !folders.split('/').some((each) => each === '.' || each === '..'), 'expected no . or ..')
    .default(''),
  /** Sizes that names may end in: `photo_290x290.jpg`. Any other name is an original's. */
  sizes: z.array(size).max(256).default([]),
  /** How a picture is brought to such a size. */
  mode: z.enum(['fit', 'cover', 'min', 'pad', 'exact', 'aspect']).default('fit'),
  enlarge: z.boolean().default(false),
  /** Of such sizes; null: the configuration's. */
  quality: z.int().min(1).max(100).nullable().default(null),
  /** `source` keeps the original's, `auto` follows `Accept`. */
  format: z.enum(['source', 'auto', 'jpg', 'png', 'webp', 'avif', 'gif', 'tif']).default('source'),
  /** Are originals answered unsigned although the namespace has keys? */
  open: z.boolean().default(false),
});

export type SuffixSettings = z.infer<typeof suffixSettings>;

/** A name that ends in one of the sizes, without it; null for any other. */
export function splitSize(
  key: string,
  sizes: readonly string[],
): Readonly<{ key: string; w: number; h: number }> | null {
  const [, name = '', written = '', extension = ''] = /^(.*[^/])_([0-9]+x[0-9]+)(\.[A-Za-z0-9]{1,8})$/.exec(key) ?? [];
  if (name === '' || !sizes.includes(written)) return null;
  const [w = 0, h = 0] = written.split('x').map(Number);
  return { key: `${name}${extension}`, w, h };
}

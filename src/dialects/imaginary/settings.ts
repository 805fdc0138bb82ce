import { z } from 'zod';
import { marksSchema } from '../mark-named.ts';

/** What a mount of imaginary may set. */
export const imaginarySettings = z.strictObject({
  /** May its URLs reach a namespace that has keys without a signature of this grammar? */
  open: z.boolean().default(false),
  /** Where the URL has none. */
  quality: z.int().min(1).max(100).default(80),
  /** With one of them every URL has to be signed (`sign=`). */
  keys: z.array(z.string().min(32)).max(2).default([]),
  /** What fills a box where the URL has no `extend`. */
  extend: z.enum(['mirror', 'white', 'black', 'background']).default('mirror'),
  /** Registered assets by the URLs that `image=` names them with. */
  watermarks: z.record(z.string().max(1024), z.string()).default({}),
  marks: marksSchema,
  /** Registered fonts by what `font=` calls them before the size; an asset's own name always works. */
  fonts: z.record(z.string().max(256), z.string().max(64)).default({}),
  /** The font where the URL names none. */
  font: z.string().max(64).nullable().default(null),
});

export type ImaginarySettings = z.infer<typeof imaginarySettings>;

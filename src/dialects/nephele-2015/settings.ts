import { z } from 'zod';

const assetName = z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected the name of an asset');
const degrees = z.int().min(0).max(360);
const percent = z.int().min(0).max(100);
const jpegQuality = z.int().min(1).max(100);

/** The operations of a picture, in the order in which they are applied: never that of the URL. */
const sequence = z
  .array(z.enum(['resize', 'm', 'rotate', 's', 'f', 'q']))
  .refine((names) => names.includes('resize'), 'expected `resize` among them')
  .refine((names) => new Set(names).size === names.length, 'expected each once');

const channelShape = {
  /** `_R_`, `_C_`, `_W_`, `_Z_`. */
  resizeTypes: z.array(z.enum(['r', 'c', 'w', 'z'])),
  /** Those that may be asked for, `300x200`; `any` for all. */
  sizes: z.union([
    z.literal('any'),
    z.array(z.string().regex(/^[0-9]{1,5}x[0-9]{1,5}$/, 'expected sizes like 300x200')),
  ]),
  /** How a channel reads its own URLs: as written; `_C_` as `_R_`; or as the channel tg did. */
  resizing: z.enum(['plain', 'hotel', 'tg']),
  rotates: z.array(degrees),
  quality: jpegQuality,
  qualities: z.array(jpegQuality),
  /** What URLs call a logo, and the registered asset that it is. */
  logos: z.record(z.string().regex(/^[a-zA-Z0-9]{1,64}$/), assetName),
  /** On every picture whose URL names none, at a place of 1 (upper left) to 9 (lower right). */
  defaultLogo: z.strictObject({ name: z.string(), place: z.int().min(1).max(9).default(9) }).nullable(),
  /** Of the size asked for: below it there is no logo. */
  logoWidthMin: z.int().min(0),
  logoHeightMin: z.int().min(0),
  /** Opacity of logos; 0 and 100 are opaque. */
  dissolve: percent,
  /** Numbers that `_R<n>` may have to mean the opacity. */
  dissolves: z.array(percent),
  sequence,
  protectOriginals: z.boolean(),
};

/** One channel: what it does not say is as in `defaults`. */
const channel = z.strictObject(channelShape).partial();

const defaultChannel = z.strictObject({
  resizeTypes: channelShape.resizeTypes.default(['r', 'c', 'w', 'z']),
  sizes: channelShape.sizes.default('any'),
  resizing: channelShape.resizing.default('plain'),
  rotates: channelShape.rotates.default([90, 180]),
  quality: channelShape.quality.default(86),
  qualities: channelShape.qualities.default([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
  logos: channelShape.logos.default({}),
  defaultLogo: channelShape.defaultLogo.default(null),
  logoWidthMin: channelShape.logoWidthMin.default(0),
  logoHeightMin: channelShape.logoHeightMin.default(0),
  dissolve: channelShape.dissolve.default(100),
  dissolves: channelShape.dissolves.default([50, 40, 30, 20, 5]),
  sequence: channelShape.sequence.default(['resize', 'm', 'rotate', 's', 'f', 'q']),
  protectOriginals: channelShape.protectOriginals.default(false),
});

/** Settings of a mount. */
export const settings = z.strictObject({
  /** Answer without signatures though the namespace has keys. */
  open: z.boolean().default(false),
  /** `original`: every error is 404. `distinct`: as in our own grammar. */
  statuses: z.enum(['original', 'distinct']).default('original'),
  defaults: defaultChannel.prefault({}),
  /** By the channel's name in lower case. */
  channels: z.record(z.string().regex(/^[a-z]{1,32}$/), channel).default({}),
});

export type Settings = z.infer<typeof settings>;
export type Channel = z.infer<typeof defaultChannel>;

/** What holds for a channel. */
export function channelNamed(name: string, { channels, defaults }: Settings): Channel {
  const own = Object.hasOwn(channels, name) ? channels[name] : undefined;
  return own === undefined ? defaults : ({ ...defaults, ...own } as Channel);
}

import sharp, { type CreateText, type Metadata, type Sharp, type SharpOptions } from 'sharp';

/**
 * The only file that imports sharp. It settles libvips for this process before the first picture: no operation
 * cache (every picture is new), one thread (a worker is one CPU), and of all loaders only the Buffer loaders of six
 * formats. A loader that is blocked answers like a format that does not exist; file loaders are blocked because
 * sharp is given bytes, never paths.
 */

/** Loaders that may run, by their libvips class. GIF is nsgif, AVIF is heif; SVG is not among them (see `withSvgLoader`). */
const loaders = [
  'VipsForeignLoadJpegBuffer',
  'VipsForeignLoadPngBuffer',
  'VipsForeignLoadWebpBuffer',
  'VipsForeignLoadNsgifBuffer',
  'VipsForeignLoadHeifBuffer',
  'VipsForeignLoadTiffBuffer',
] as const;

export type Chain = Sharp;

export type { Metadata };

let settled = false;

/** A chain over a file's bytes or raw samples, with the engine settled. */
export function openChain(bytes: Buffer | Uint8Array | Uint16Array, options: SharpOptions): Chain {
  settleEngine();
  return sharp(bytes, options);
}

/**
 * Orientation 1 in the metadata that is kept. sharp's own `withMetadata` says it only together with a profile of sRGB, to which it
 * then converts; the member is not in its types.
 */
export function tagUpright(chain: Chain): Chain {
  (chain as unknown as { options: { withMetadataOrientation: number } }).options.withMetadataOrientation = 1;
  return chain;
}

/** EXIF, XMP, IPTC and comments of the source, without its profile or one of sRGB; sharp has no method for it. */
export function keepAllButProfile(chain: Chain): Chain {
  const kept = chain.keepMetadata() as unknown as { options: { keepMetadata: number } };
  kept.options.keepMetadata &= ~profileFlag;
  return chain;
}

/** Of libvips' flags for what is kept (VIPS_FOREIGN_KEEP_ICC). */
const profileFlag = 8;

/** The density in dots an inch, where the format has a place for it or EXIF is kept; as above, and without keeping anything else. */
export function tagDensity(chain: Chain, dpi: number): Chain {
  (chain as unknown as { options: { withMetadataDensity: number } }).options.withMetadataDensity = dpi;
  return chain;
}

/** A chain that begins with drawn text: ink on black, cut to the ink. */
export function openText(text: CreateText): Chain {
  settleEngine();
  return sharp({ text });
}

/** Versions of the engine's parts: they belong into the derivation key and the start-up line. */
export type EngineVersions = Readonly<{ sharp: string; vips: string; heif: string; webp: string; mozjpeg: string }>;

/**
 * Runs work that draws an SVG. Its loader is blocked before and behind, so that no other bytes ever reach it: one call at a time
 * per process, as for all pictures.
 */
export async function withSvgLoader<T>(work: () => Promise<T>): Promise<T> {
  settleEngine();
  const operation = ['VipsForeignLoadSvgBuffer'];
  sharp.unblock({ operation });
  try {
    return await work();
  } finally {
    sharp.block({ operation });
  }
}

/**
 * Makes one tiny picture in every output format and reads it back. GLib registers its types at first use, which is
 * slow and not safe while jobs run, so a worker does this before it says that it is ready. Throws when a format
 * does not work in this build.
 */
export async function warmUp(): Promise<EngineVersions> {
  const seed = openChain(Buffer.alloc(8 * 8 * 4, 0x7f), { raw: { width: 8, height: 8, channels: 4 } });
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    const bytes = await seed.clone()[format]().toBuffer();
    await openChain(bytes, {}).resize(4, 4, { fit: 'fill' }).raw().toBuffer();
  }
  return engineVersions();
}

function engineVersions(): EngineVersions {
  const { vips, heif, webp, mozjpeg } = sharp.versions;
  return {
    sharp: sharp.versions.sharp ?? '',
    vips,
    heif: heif ?? '',
    webp: webp ?? '',
    mozjpeg: mozjpeg ?? '',
  };
}

function settleEngine(): void {
  if (settled) return;
  if (process.env.VIPS_UNLIMITED !== undefined)
    throw new Error('VIPS_UNLIMITED is set: it would lift the limits of every decoder. Unset it.');
  if (sharp.format.magick?.input.buffer)
    throw new Error('this build of libvips reads through ImageMagick, which is not safe for foreign files');
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: [...loaders] });
  settled = true;
}

/**
 * A JPEG with its density in a JFIF header (ITU-T T.871, 10.1): the engine writes none, and of what it knows of the density only
 * the formats with a place of their own learn (PNG, TIFF) or EXIF, where that is kept.
 */
export function withDensity(jpeg: Buffer, dpi: number): Buffer {
  const header = Buffer.from('ffe000104a46494600010101000000000000', 'hex');
  header.writeUInt16BE(dpi, 12);
  header.writeUInt16BE(dpi, 14);
  return Buffer.concat([jpeg.subarray(0, startBytes), header, jpeg.subarray(startBytes)]);
}

/** The marker that every JPEG begins with. */
const startBytes = 2;

import { createHash } from 'node:crypto';
import type { ResultMeta, StoredResult } from './result-store.ts';

/**
 * A result as a file: a header of 28 bytes, the meta as JSON, the picture. Numbers are little-endian.
 *
 *   0  magic and version, "PLR1"
 *   4  bytes of the meta
 *   8  bytes of the picture
 *  12  first 16 bytes of SHA-256 over meta and picture
 *
 * The length catches a file that was cut by a crash, the hash one whose bytes have changed.
 */
const magic = Buffer.from('PLR1');
const headerBytes = 28;
const hashBytes = 16;

/** The meta also names the derivation, so that a file in the wrong place is not taken for another. */
type FileMeta = ResultMeta & Readonly<{ derivation: string }>;

/** The file in two pieces, so that the picture is not copied. */
export function encodeResult(derivation: string, result: StoredResult): readonly [Buffer, Buffer] {
  const meta = Buffer.from(JSON.stringify({ ...result.meta, derivation } satisfies FileMeta));
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt32LE(meta.length, 4);
  header.writeUInt32LE(result.bytes.length, 8);
  hashOf(meta, result.bytes).copy(header, 12);
  return [Buffer.concat([header, meta]), result.bytes];
}

/** The result in a file's bytes, which it goes on using; null when they are torn, changed or of another derivation. */
export function decodeResult(file: Buffer, derivation: string, checkHash: boolean): StoredResult | null {
  if (file.length < headerBytes || !file.subarray(0, 4).equals(magic)) return null;
  const metaEnd = headerBytes + file.readUInt32LE(4);
  if (file.length !== metaEnd + file.readUInt32LE(8)) return null;
  const meta = file.subarray(headerBytes, metaEnd);
  const bytes = file.subarray(metaEnd);
  if (checkHash && !hashOf(meta, bytes).equals(file.subarray(12, headerBytes))) return null;
  const parsed = parseMeta(meta);
  if (parsed === null || parsed.derivation !== derivation) return null;
  const { derivation: _checked, ...rest } = parsed;
  return { meta: rest, bytes };
}

function parseMeta(json: Buffer): FileMeta | null {
  try {
    return JSON.parse(json.toString()) as FileMeta;
  } catch {
    return null;
  }
}

const hashOf = (meta: Buffer, bytes: Buffer): Buffer =>
  createHash('sha256').update(meta).update(bytes).digest().subarray(0, hashBytes);

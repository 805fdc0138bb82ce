import type { Resolved } from '../plan/resolved.ts';
import type { Deadline } from './deadline.ts';
import { decodeBmp } from './decode-bmp.ts';
import type { Pixels } from './pixels.ts';

/** What the engine's chains begin with: bytes of a format that it reads, or pixels where the format is one of ours. */
export type Unpacked =
  | Readonly<{ kind: 'bytes'; source: Buffer; resolved: Resolved }>
  | Readonly<{ kind: 'pixels'; pixels: Pixels }>;

/**
 * Makes of a source what libvips can begin with. Its limits were checked on the header. Throws `undecodable`,
 * `source_truncated`, `unsupported_format`, `processing_deadline`.
 */
export async function unpack(source: Buffer, resolved: Resolved, deadline: Deadline): Promise<Unpacked> {
  const { format, truncatedOk, width, height } = resolved.input;
  switch (format) {
    case 'bmp':
      return { kind: 'pixels', pixels: await decodeBmp(source, { width, height }, truncatedOk, deadline) };
    default:
      return { kind: 'bytes', source, resolved };
  }
}

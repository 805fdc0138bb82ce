import { readIcon } from '../plan/header/ico.ts';
import type { Resolved } from '../plan/resolved.ts';
import type { Deadline } from './deadline.ts';
import { assertPlanned, decodeBmp, wholeOf } from './decode-bmp.ts';
import { decodeIconBitmap } from './decode-icon.ts';
import { checkSvgBytes, drawSvg } from './draw-svg.ts';
import type { Pixels } from './pixels.ts';
import { stackPages } from './stack-pages.ts';

/** What the engine's chains begin with: bytes of a format that it reads, or pixels where the format is one of ours. */
export type Unpacked =
  | Readonly<{ kind: 'bytes'; source: Buffer; resolved: Resolved }>
  | Readonly<{ kind: 'pixels'; pixels: Pixels }>;

/**
 * Makes of a source what libvips can begin with. Its limits were checked on the header. Throws `undecodable`,
 * `source_truncated`, `unsupported_format`, `processing_deadline`.
 */
export async function unpack(
  source: Buffer,
  resolved: Resolved,
  svgBytesMax: number,
  deadline: Deadline,
): Promise<Unpacked> {
  const { format, truncatedOk, width, height } = resolved.input;
  switch (format) {
    case 'bmp':
      return { kind: 'pixels', pixels: await decodeBmp(source, { width, height }, truncatedOk, deadline) };
    case 'ico':
      return unpackIcon(source, resolved, deadline);
    case 'svg':
      checkSvgBytes(source.length, svgBytesMax);
      return { kind: 'pixels', pixels: await drawSvg(source, resolved, deadline) };
    default:
      if (resolved.input.stacked) return { kind: 'pixels', pixels: await stackPages(source, resolved, deadline) };
      return { kind: 'bytes', source, resolved };
  }
}

/** A PNG in an icon is a source like any other. */
async function unpackIcon(source: Buffer, resolved: Resolved, deadline: Deadline): Promise<Unpacked> {
  const { input } = resolved;
  const icon = wholeOf(source, readIcon);
  assertPlanned(icon.kind === 'png' ? icon.header : icon.layout, input);
  const payload = source.subarray(icon.at);
  if (icon.kind === 'png')
    return { kind: 'bytes', source: payload, resolved: { ...resolved, input: { ...input, format: 'png' } } };
  return { kind: 'pixels', pixels: await decodeIconBitmap(payload, icon.layout, input.truncatedOk, deadline) };
}

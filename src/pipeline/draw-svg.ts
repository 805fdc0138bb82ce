import { svgSize } from '../plan/header/svg-size.ts';
import type { Resolved } from '../plan/resolved.ts';
import { drawnSize } from '../plan/shrink-on-load.ts';
import type { Size } from '../plan/turn.ts';
import { PileusError } from '../shared/errors.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { assertPlanned } from './decode-bmp.ts';
import { type Pixels, toPixels } from './pixels.ts';
import { sanitiseSvg } from './sanitise-svg.ts';
import { openChain, withSvgLoader } from './sharp.ts';

/** Throws `source_too_large` for an SVG of more bytes than are allowed; `unsupported_format` where none are. */
export function checkSvgBytes(bytes: number, svgBytesMax: number): void {
  if (svgBytesMax === 0) throw new PileusError('unsupported_format', { detail: 'SVG is off here (svgBytesMax).' });
  if (bytes > svgBytesMax)
    throw new PileusError('source_too_large', { detail: `An SVG of more than ${svgBytesMax} bytes (svgBytesMax).` });
}

/**
 * An SVG as pixels, sanitised first, and in the size that its first scale asks for, so that it is drawn once and sharp. Errors as
 * `sanitiseSvg`, and `undecodable` when its size is not the planned one.
 */
export async function drawSvg(source: Buffer, resolved: Resolved, deadline: Deadline): Promise<Pixels> {
  const { width, height } = resolved.input;
  const target = drawnSize(resolved) ?? { width, height };
  let viewport = '';
  const drawing = sanitiseSvg(source, (attributes) => {
    assertPlanned(
      svgSize((name) => attributes.get(name)),
      { width, height },
    );
    viewport = fixRoot(attributes, { width, height });
  });
  // A frame around the drawing scales it: in its own viewport it looks as it would by itself.
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${target.width}" height="${target.height}" viewBox="${viewport}" preserveAspectRatio="none">${drawing}</svg>`;
  return withSvgLoader(() => {
    const limitInputPixels = target.width * target.height;
    return toPixels(withDeadline(openChain(Buffer.from(frame), { limitInputPixels }), deadline), target, 1);
  });
}

/** Lets the root stand within another element at its own size; gives its viewport. */
function fixRoot(attributes: Map<string, string>, { width, height }: Size): string {
  attributes.delete('x');
  attributes.delete('y');
  attributes.set('width', String(width));
  attributes.set('height', String(height));
  return `0 0 ${width} ${height}`;
}

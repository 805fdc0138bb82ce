import { malformed } from './byte-view.ts';

/**
 * The characters of an SVG: by its byte order mark, else by its XML declaration, else UTF-8. Throws `undecodable` for an encoding
 * that is unknown.
 */
export function svgText(bytes: Uint8Array): string {
  const label = encodingOf(bytes);
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    throw malformed();
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const head = String.fromCharCode(...bytes.subarray(0, declarationBytesMax));
  return /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]{0,39})["']/.exec(head)?.[1] ?? 'utf-8';
}

const declarationBytesMax = 256;

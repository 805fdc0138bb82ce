import { readHeader } from '../plan/header/read-header.ts';

/** What an attribute or a style sheet may refer to: parts of the same document, and pictures that it carries itself. */

/** Pixels of all carried pictures together: they are drawn whole, whatever the size of the SVG. */
const carriedPixelsMax = 16_000_000;

/** Counts what one document carries. */
export class CarriedPictures {
  #pixels = 0;

  /** Is this a picture of pixels in the text of a `data:` URL, and does it fit beside those before it? */
  takes(url: string): boolean {
    const base64 = dataUrl.exec(url.slice(0, 100))?.[0];
    if (base64 === undefined) return false;
    const read = readHeader(Buffer.from(url.slice(base64.length), 'base64'), true);
    if (read.state !== 'known' || !carried.has(read.header.format)) return false;
    this.#pixels += read.header.width * read.header.height * read.header.frames;
    return this.#pixels <= carriedPixelsMax;
  }
}

/** No SVG within an SVG: it would have to be looked at like the one around it. */
const carried: ReadonlySet<string> = new Set(['jpeg', 'png', 'gif', 'webp', 'avif']);
const dataUrl = /^\s*data:image\/(?:jpe?g|png|gif|webp|avif);base64,/i;

/** `#name`. */
export const isFragment = (url: string): boolean => /^\s*#[^\s\\]*\s*$/.test(url);

/** Words by which CSS reaches out of the document, or runs something. */
const reachingOut =
  /@import|@namespace|@charset|image-set\s*\(|\bimage\s*\(|\bsrc\s*\(|expression\s*\(|-moz-binding|behavior\s*:|javascript:/i;

/**
 * CSS without anything outside the document: each `url()` that is no fragment becomes `none`. Empty where the text has words that reach
 * out, or a backslash, behind which any word can hide. What is checked is what comes out, so comments are cut first. Linear in the text.
 */
export function cleanCss(css: string): string {
  const bare = withoutComments(css);
  if (bare.includes('\\') || reachingOut.test(bare)) return '';
  const clean = bare.replace(anyUrl, (whole, url: string) => (isFragment(url.replace(/["']/g, '')) ? whole : 'none'));
  // Nothing is left of what the expression did not understand.
  return /url\s*\(/i.test(clean.replace(anyUrl, '')) ? '' : clean;
}

const anyUrl = /url\(\s{0,20}("[^"]*"|'[^']*'|[^\s"'()]*)\s{0,20}\)/gi;

/** A comment that does not end takes the rest with it. */
function withoutComments(css: string): string {
  const parts: string[] = [];
  for (let at = 0; ; ) {
    const from = css.indexOf('/*', at);
    parts.push(css.slice(at, from < 0 ? css.length : from));
    if (from < 0) return parts.join(' ');
    const to = css.indexOf('*/', from + 2);
    if (to < 0) return parts.join(' ');
    at = to + 2;
  }
}

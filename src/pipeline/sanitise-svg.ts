import { malformed } from '../plan/header/byte-view.ts';
import { openSvgParser, type QualifiedTag, svgNamespace } from '../plan/header/svg-parser.ts';
import { attributeOf } from '../plan/header/svg-size.ts';
import { svgText } from '../plan/header/svg-text.ts';
import { PileusError } from '../shared/errors.ts';
import { CarriedPictures, cleanCss, isFragment } from './svg-references.ts';

/**
 * An SVG with nothing in it but drawing. It is taken apart and written anew: only elements of SVG that draw or move, only their own
 * attributes without event handlers, only references into the document and pictures of pixels that it carries. What goes goes with
 * its content: scripts, foreignObject, other namespaces; and comments, processing instructions, the doctype and its entities.
 *
 * `root` may change the attributes of the root element. Linear in the bytes. Throws `undecodable` for what is not
 * well-formed, is nested too deeply or has too many elements, `source_truncated` where the text ends too early.
 */
export function sanitiseSvg(bytes: Uint8Array, root: (attributes: Map<string, string>) => void = () => {}): string {
  const parser = openSvgParser();
  const carried = new CarriedPictures();
  const out: string[] = [];
  const open: string[] = [];
  let elements = 0;
  /** Elements within one that is left out, itself included. */
  let skipped = 0;
  let style: string[] | null = null;
  let isClosed = false;

  parser.onopentag = (opened) => {
    const tag = opened as QualifiedTag;
    elements++;
    if (isClosed || elements > elementsMax || open.length + skipped >= depthMax) throw malformed();
    if (elements === 1 && tag.local !== 'svg') throw malformed();
    // Within a style sheet is text and nothing else.
    if (skipped > 0 || style || !isDrawing(tag)) {
      skipped++;
      return;
    }
    const attributes = attributesOf(tag, carried);
    if (open.length === 0) {
      attributes.set('xmlns', svgNamespace);
      attributes.set('xmlns:xlink', xlinkNamespace);
      root(attributes);
    }
    open.push(tag.local);
    out.push('<', tag.local, ...[...attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`), '>');
    if (tag.local === 'style') style = [];
  };
  const addText = (text: string): void => {
    if (skipped > 0 || open.length === 0) return;
    if (style) style.push(text);
    else out.push(escaped(text));
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = () => {
    if (skipped > 0) {
      skipped--;
      return;
    }
    if (style) {
      out.push(escaped(cleanCss(style.join(''))));
      style = null;
    }
    out.push('</', open.pop() ?? '', '>');
    isClosed = open.length === 0;
  };
  parser.write(svgText(bytes));
  if (!isClosed) throw new PileusError('source_truncated');
  parser.close();
  return out.join('');
}

const elementsMax = 100_000;
const depthMax = 128;

const xlinkNamespace = 'http://www.w3.org/1999/xlink';

/** Elements that draw, are drawn with, or move what is drawn (SVG 1.1 and 2). */
const drawing: ReadonlySet<string> = new Set(
  `a animate animateColor animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix
  feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
  feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence filter g image line linearGradient marker mask mpath path pattern polygon
  polyline radialGradient rect set stop style svg switch symbol text textPath title tspan use view`.split(/\s+/),
);

const isDrawing = (tag: QualifiedTag): boolean => {
  const isSvg = tag.uri === svgNamespace || tag.uri === '' || tag.uri === 'svg';
  return isSvg && drawing.has(tag.local) && !changesReferences(tag);
};

/** An animation can set what would be refused as an attribute. */
const changesReferences = (tag: QualifiedTag): boolean =>
  /href\s*$|^\s*(?:on|style)/i.test(attributeOf(tag, 'attributeName') ?? '');

/** Elements whose references are pictures. */
const showsPictures: ReadonlySet<string> = new Set(['image', 'feImage']);

function attributesOf(tag: QualifiedTag, carried: CarriedPictures): Map<string, string> {
  const kept = new Map<string, string>();
  for (const { prefix, local, value } of Object.values(tag.attributes)) {
    const isReference = local === 'href' && (prefix === '' || prefix === 'xlink');
    if (isReference) {
      const isFine = isFragment(value) || (showsPictures.has(tag.local) && carried.takes(value));
      if (isFine) kept.set(prefix === '' ? 'href' : 'xlink:href', value);
    } else if (prefix === 'xml' ? local === 'space' || local === 'lang' : prefix === '' && isHarmless(local)) {
      const clean = cleanAttribute(value);
      if (clean !== null) kept.set(prefix === '' ? local : `xml:${local}`, clean);
    }
  }
  return kept;
}

/** Event handlers, other ways to name a document, and what is no name. */
const isHarmless = (name: string): boolean =>
  /^[A-Za-z][\w.-]{0,63}$/.test(name) &&
  !/^on|^xmlns$|^(?:src|srcset|srcdoc|base|action|formaction|ping|target|data|code|codebase|href)$/i.test(name);

/** A value, cleaned as CSS where it has what a reference needs; null where nothing is left of it. */
const cleanAttribute = (value: string): string | null => (/[(\\@:]/.test(value) ? cleanCss(value) || null : value);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => escapes[letter] ?? '');

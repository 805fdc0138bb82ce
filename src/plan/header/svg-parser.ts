import sax, { type QualifiedTag, type SAXParser } from 'sax';
import { malformed, unsupported } from './byte-view.ts';

export const svgNamespace = 'http://www.w3.org/2000/svg';

export type { QualifiedTag };

/** Bytes that entities of a document's own may add to it, all together: old drawing programs abbreviate namespaces by them. */
const entityBytesMax = 65_536;
const entitiesMax = 64;
const xmlEntities = { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" } as const;
const internalEntity = /<!ENTITY\s+([\w.-]{1,40})\s+(?:"([^"<&%]{0,1024})"|'([^'<&%]{0,1024})')\s*>/g;

/**
 * A parser of XML for SVG: strict, with namespaces, without the network. It gives elements and texts to its listeners as they come.
 * Entities of the document's own stand for plain text only, so none contains another, and what they add is bounded; every other entity
 * throws `unsupported_format`, and everything that is not well-formed `undecodable`. A prefix that is bound to nothing is let pass, as by other readers.
 */
export function openSvgParser(): SAXParser {
  const parser = sax.parser(true, { xmlns: true });
  // Its types leave the table of entities out. Without a prototype: `&constructor;` is no entity.
  const known = parser as SAXParser & { ENTITIES: Record<string, string> };
  known.ENTITIES = Object.assign(Object.create(null), xmlEntities);
  let left = entityBytesMax;
  parser.ondoctype = (doctype) => {
    for (const [, name = '', double, single] of [...doctype.matchAll(internalEntity)].slice(0, entitiesMax)) {
      const value = double ?? single ?? '';
      if (name in known.ENTITIES) continue;
      Object.defineProperty(known.ENTITIES, name, {
        get: () => {
          left -= value.length + 1;
          if (left < 0) throw malformed();
          return value;
        },
      });
    }
  };
  parser.onerror = (error) => {
    if (error.message.startsWith('Invalid character entity')) throw unsupported('SVG with entities that are not text');
    if (!error.message.startsWith('Unbound namespace prefix')) throw malformed();
    parser.resume();
  };
  return parser;
}

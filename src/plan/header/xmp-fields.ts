import sax, { type QualifiedAttribute, type QualifiedTag, type SAXOptions } from 'sax';

/** What a property says: a text, a list of values, or fields of its own. */
export type XmpValue = string | readonly XmpValue[] | Readonly<{ [name: string]: XmpValue }>;

/** The properties of a packet, by the prefix that the packet has for their namespace. */
export type XmpFields = Readonly<Record<string, Readonly<Record<string, XmpValue>>>>;

/** At most so many values of a packet, characters of one, and elements within one another. */
const valuesMax = 512;
const textLengthMax = 1024;
const depthMax = 24;
/** What is longer is not looked at; packets in files are at most that long anyway. */
const packetLengthMax = 65_536;
/** Signs that attributes have: the parser compares each attribute of an element with all before it. */
const equalSignsMax = 2048;

const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const lists: ReadonlySet<string> = new Set(['Bag', 'Seq', 'Alt']);

/**
 * The properties of an XMP packet (ISO 16684-1, RDF/XML): bags, sequences and alternatives are lists, structures are objects; qualifiers
 * and languages are left out. A document type and entities of its own are refused. Null for what is not well-formed or too long.
 */
export function readXmp(packet: string): XmpFields | null {
  if (packet.length > packetLengthMax || packet.split('=', equalSignsMax + 2).length > equalSignsMax + 1) return null;
  const reader = new Reader();
  try {
    reader.read(packet.replace(/^\ufeff/, ''));
  } catch {
    // Broken metadata says nothing about the picture.
    return null;
  }
  return reader.fields();
}

/** An element that is open: a description of the picture or of a structure, a list, or what holds a value: a property, an item. */
type Frame = {
  readonly kind: 'other' | 'picture' | 'structure' | 'list' | 'value';
  readonly prefix: string;
  readonly name: string;
  readonly fields: Map<string, XmpValue>;
  readonly items: XmpValue[];
  text: string;
  /** A value that is more than its text. */
  inner: XmpValue | null;
};

class Reader {
  readonly #found = new Map<string, Map<string, XmpValue>>();
  readonly #open: Frame[] = [];
  #inRdf = false;
  #left = valuesMax;

  read(packet: string): void {
    // The switch that leaves XML's own entities alone is missing from its types.
    const options: SAXOptions & { strictEntities: true } = { xmlns: true, strictEntities: true };
    const parser = sax.parser(true, options);
    parser.onerror = (error) => {
      throw error;
    };
    parser.ondoctype = () => {
      throw new SyntaxError('a document type');
    };
    parser.onopentag = (tag) => this.#opened(tag as QualifiedTag);
    parser.onclosetag = () => this.#closed();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
    parser.write(packet).close();
  }

  fields(): XmpFields {
    return Object.fromEntries([...this.#found].map(([prefix, names]) => [prefix, Object.fromEntries(names)]));
  }

  #opened(tag: QualifiedTag): void {
    if (this.#open.length >= depthMax) throw new RangeError('too deep');
    const within = this.#open.at(-1);
    const isRdf = tag.uri === rdf;
    if (isRdf && tag.local === 'RDF') this.#inRdf = true;
    const frame: Frame = {
      kind: this.#kindOf(tag, within),
      prefix: tag.prefix,
      name: tag.local,
      fields: new Map(),
      items: [],
      text: '',
      inner: null,
    };
    this.#open.push(frame);
    if (frame.kind === 'picture' || frame.kind === 'structure') this.#attributes(tag, frame);
    if (frame.kind === 'value') this.#shorthand(tag, frame);
  }

  #kindOf(tag: QualifiedTag, within: Frame | undefined): Frame['kind'] {
    if (!this.#inRdf || within === undefined) return 'other';
    if (tag.uri === rdf) {
      if (tag.local === 'Description') return within.kind === 'value' ? 'structure' : 'picture';
      if (lists.has(tag.local) && within.kind === 'value') return 'list';
      return tag.local === 'li' && within.kind === 'list' ? 'value' : 'other';
    }
    return within.kind === 'other' || within.kind === 'list' ? 'other' : 'value';
  }

  /** Properties as attributes of what they are of. */
  #attributes(tag: QualifiedTag, frame: Frame): void {
    for (const { prefix, local, value } of propertiesOf(tag)) this.#keep(frame, prefix, local, short(value));
  }

  /** `rdf:resource="..."`, and fields of a structure as attributes of the property. */
  #shorthand(tag: QualifiedTag, frame: Frame): void {
    const resource = attributesOf(tag).find(({ uri, local }) => uri === rdf && local === 'resource');
    if (resource) frame.inner = short(resource.value);
    else this.#attributes(tag, frame);
  }

  #text(text: string): void {
    const frame = this.#open.at(-1);
    if (frame?.kind === 'value' && frame.text.length < textLengthMax) frame.text += text;
  }

  #closed(): void {
    const frame = this.#open.pop();
    if (frame === undefined) return;
    const within = this.#open.at(-1);
    if (within === undefined) return;
    if (frame.kind === 'list') within.inner = frame.items;
    else if (frame.kind === 'structure') within.inner = Object.fromEntries(frame.fields);
    else if (frame.kind === 'value') this.#give(within, frame);
  }

  /** A property or an item, to what it is in. */
  #give(within: Frame, frame: Frame): void {
    const own = frame.fields.size > 0 ? Object.fromEntries(frame.fields) : null;
    const value = frame.inner ?? own ?? short(frame.text.trim());
    if (within.kind === 'list') {
      this.#count();
      within.items.push(value);
    } else this.#keep(within, frame.prefix, frame.name, value);
  }

  /** A property of the picture, or a field of a structure. */
  #keep(within: Frame, prefix: string, name: string, value: XmpValue): void {
    this.#count();
    if (within.kind !== 'picture') {
      within.fields.set(name, value);
      return;
    }
    const names = this.#found.get(prefix) ?? new Map<string, XmpValue>();
    this.#found.set(prefix, names.set(name, value));
  }

  #count(): void {
    if (--this.#left < 0) throw new RangeError('too many values');
  }
}

const attributesOf = (tag: QualifiedTag): readonly QualifiedAttribute[] => Object.values(tag.attributes);

/** Attributes that are properties: not of RDF, not of XML, no declarations of namespaces. */
const propertiesOf = (tag: QualifiedTag): readonly QualifiedAttribute[] =>
  attributesOf(tag).filter(({ prefix, uri }) => prefix !== '' && prefix !== 'xml' && prefix !== 'xmlns' && uri !== rdf);

const short = (text: string): string => (text.length > textLengthMax ? text.slice(0, textLengthMax) : text);

import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Fault, type Path, Place } from './place.ts';

/** Aliases may multiply a document by this much before it is refused. */
const aliasesMax = 100;

/**
 * Parses a configuration file. `name` is how the file is called in faults. The place of a member of a mapping is
 * the line of its key, of a member of a list the line of the item; what is not there has its parent's line.
 */
export function parseYamlFile(text: string, name: string, faults: Fault[]): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): string => `${name}:${Math.max(1, lines.linePos(offset).line)}`;
  for (const error of [...document.errors, ...document.warnings]) {
    faults.push({ at: lineAt(error.pos[0]), problem: sayable(error) });
  }
  const root = document.contents;
  const lineOf = (path: Path): string => lineAt(offsetOf(root, path));
  return new Place(plainValue(document, name, faults), [], lineOf, faults);
}

/** The document as plain values; an empty mapping where it is not YAML, or its aliases multiply it. */
function plainValue(document: Document.Parsed, name: string, faults: Fault[]): unknown {
  if (document.errors.length > 0) return {};
  try {
    return document.toJS({ maxAliasCount: aliasesMax }) ?? {};
  } catch (error) {
    faults.push({ at: name, problem: sayable(error) });
    return {};
  }
}

/** What is wrong, without the piece of the file that the parser repeats behind a colon: it may be of a secret. */
const sayable = (error: unknown): string =>
  (error instanceof Error ? error.message.split(/: |\n/, 1)[0] : undefined) ?? 'not YAML';

/** Where the last part of a path that exists begins, in characters from the file's start. */
function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const step = memberOf(node, part);
    if (!step) return offset;
    [node, offset] = [step.value, step.offset];
  }
  return offset;
}

function memberOf(node: unknown, part: string | number): { value: unknown; offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair && isNode(pair.key) ? { value: pair.value, offset: pair.key.range?.[0] ?? 0 } : null;
  }
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part];
    return isNode(item) ? { value: item, offset: item.range?.[0] ?? 0 } : null;
  }
  return null;
}

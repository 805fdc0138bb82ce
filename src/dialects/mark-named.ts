import { z } from 'zod';
import { type Config, findNamespace } from '../config/config.ts';
import type { SourceRef } from '../plan/plan.ts';
import { checkKey } from './native/source-key.ts';

/**
 * Namespaces in which marks lie that are no registered assets, by how the names begin that URLs use for them; the longest beginning
 * wins, and '' is that of every name. Who may use the mount may draw what lies there.
 */
export const marksSchema = z.record(z.string().max(1024), z.string().max(64)).default({});

/** The namespaces that `marks` name. */
export const namespacesOfMarks = ({ marks }: Pick<MarkNames, 'marks'>): readonly string[] => Object.values(marks);

/** What a mount says of the pictures that URLs draw. */
export type MarkNames = Readonly<{
  /** Names of assets by what URLs call them; an asset's own name always works. */
  watermarks: Readonly<Record<string, string>>;
  /** As `marksSchema`. */
  marks: Readonly<Record<string, string>>;
}>;

/**
 * What a URL's name for a mark stands for: a registered asset, or an original; null for nothing. The key of an original is what stands
 * behind the beginning, or the whole name where the namespace has URLs as keys. Throws bad_key.
 */
export function markNamed(
  name: string,
  { watermarks, marks }: MarkNames,
  config: Pick<Config, 'assets' | 'namespaces'>,
): string | SourceRef | null {
  const asset = Object.hasOwn(watermarks, name) ? (watermarks[name] ?? name) : name;
  if (Object.hasOwn(config.assets, asset)) return asset;
  const beginning = longest(Object.keys(marks).filter((each) => name.startsWith(each)));
  const namespace = beginning === null ? null : findNamespace(config, marks[beginning] ?? '');
  if (beginning === null || namespace === null) return null;
  if (namespace.origin.kind === 'url') return URL.canParse(name) ? { ns: namespace.name, key: name } : null;
  return { ns: namespace.name, key: checkKey(name.slice(beginning.length)) };
}

const longest = (texts: readonly string[]): string | null =>
  texts.reduce<string | null>((best, text) => (best === null || text.length > best.length ? text : best), null);

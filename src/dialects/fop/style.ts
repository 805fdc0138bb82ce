import { checkKey } from '../native/source-key.ts';

/** Named chains, and what stands between a key and such a name. */
export type Styles = Readonly<{ separators: readonly string[]; styles: Readonly<Record<string, string>> }>;

/**
 * A decoded key with the name of a style behind it, `photo.jpg-small`; null where it ends in none. No name holds a separator, so only
 * what stands behind the last one counts. Throws bad_key for a key that is none.
 */
export function splitStyle(
  key: string,
  { separators, styles }: Styles,
): Readonly<{ key: string; style: string; chain: string }> | null {
  for (const separator of separators) {
    const at = key.lastIndexOf(separator);
    if (at < 0) continue;
    const style = key.slice(at + separator.length);
    const chain = Object.hasOwn(styles, style) ? styles[style] : undefined;
    if (chain !== undefined) return { key: checkKey(key.slice(0, at)), style, chain };
  }
  return null;
}

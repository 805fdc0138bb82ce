import type { QuarantineEntry, StruckSource } from '../ipc/messages.ts';

/**
 * The master's quarantine as this lb last heard it. Looked up by the last known version of a source; a source of
 * which nothing is known is held to any entry of its key, since the version that killed a worker was never reported.
 */
export class QuarantineView {
  #bySource = new Map<string, readonly QuarantineEntry[]>();
  #struck = new Map<string, readonly StruckSource[]>();

  /** Takes the whole table over. */
  replace(entries: readonly QuarantineEntry[], struck: readonly StruckSource[]): void {
    this.#bySource = groupBySource(entries);
    this.#struck = groupBySource(struck);
  }

  find(
    source: Readonly<{ ns: string; key: string }>,
    version: string | null,
    operation: string,
    nowMs: number,
  ): QuarantineEntry | null {
    const entries = this.#bySource.get(sourceIdOf(source.ns, source.key));
    return (
      entries?.find(
        (entry) =>
          nowMs < entry.untilMs &&
          (version === null || entry.version === version) &&
          (entry.scope === 'source' || entry.operation === operation),
      ) ?? null
    );
  }

  /** Does this version have a strike? Then it runs one job at a time. */
  isStruck(source: Readonly<{ ns: string; key: string }>, version: string | null): boolean {
    const struck = this.#struck.get(sourceIdOf(source.ns, source.key));
    return struck?.some((each) => version === null || each.version === version) ?? false;
  }
}

/** One string for a source: keys hold any character but NUL. */
export const sourceIdOf = (ns: string, key: string): string => `${ns}/${key}`;

function groupBySource<Item extends { ns: string; key: string }>(items: readonly Item[]): Map<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const id = sourceIdOf(item.ns, item.key);
    const group = groups.get(id);
    if (group) group.push(item);
    else groups.set(id, [item]);
  }
  return groups;
}

import { sep } from 'node:path';
import { checkNamespaceRelations, checkRelations, type RelationFault } from './check-relations.ts';
import type { NamespaceConfig, OptionName, Options } from './config.ts';
import { realFolder } from './folder.ts';
import { type Machine, memoryProblem } from './machine.ts';
import type { Fault, Place } from './place.ts';
import type { MergedSettings } from './read-settings.ts';

/** What is read, and where it was written. */
export type Whole = Readonly<{
  options: Options;
  settings: MergedSettings;
  namespaces: Readonly<Record<string, NamespaceConfig>>;
  root: Place;
  /** null: it is not to be served here, so neither memory nor folders are judged. */
  machine: Machine | null;
}>;

/**
 * Relations between options, and whether it all fits this machine. A relation with an option that is already
 * faulty is not judged: what it would be compared with is not what the user meant.
 */
export async function checkWhole(whole: Whole, faults: Fault[]): Promise<void> {
  const { options, settings } = whole;
  const readable = (names: readonly OptionName[]): boolean => !names.some((name) => settings.bad.has(name));
  const judged = ({ names }: RelationFault): boolean => readable(names);
  const blame = (names: readonly OptionName[], problem: string): void => {
    faults.push({ at: names.map(settings.at).find((place) => place !== null) ?? 'configuration', problem });
  };
  for (const { names, problem } of checkRelations(options).filter(judged)) blame(names, problem);
  for (const namespace of Object.values(whole.namespaces)) {
    for (const { names, problem } of checkNamespaceRelations(options, namespace).filter(judged)) {
      const name = names.find((one) => Object.hasOwn(namespace.limits, one)) ?? names[0];
      whole.root.at('namespaces').at(namespace.name).at('limits').at(name).fault(problem);
    }
  }
  if (whole.machine === null) return;
  for (const name of ['dataDir', 'runtimeDir'] as const) {
    const inside = readable([name]) ? await holderOf(options[name], whole.namespaces) : undefined;
    if (inside !== undefined) blame([name], `${name} must not lie in the originals of the namespace ${inside.name}`);
  }
  const sizes = ['workers', 'blobBufferBytes', 'workerRssMax', 'resultCacheBytes', 'lbs'] as const;
  const problem = readable(sizes) ? memoryProblem(options, whole.machine) : null;
  if (problem !== null) blame(sizes, problem);
}

/** The namespace whose originals a folder of ours would lie among: what is written there would be served. */
async function holderOf(folder: string, namespaces: Whole['namespaces']): Promise<NamespaceConfig | undefined> {
  if (folder === '') return undefined;
  const place = await realFolder(folder);
  for (const namespace of Object.values(namespaces)) {
    const { origin } = namespace;
    if (origin.kind === 'file' && isWithin(place, await realFolder(origin.root))) return namespace;
  }
  return undefined;
}

const isWithin = (path: string, root: string): boolean =>
  `${path}${sep}`.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);

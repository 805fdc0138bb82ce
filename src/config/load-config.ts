import { dirname, resolve } from 'node:path';
import { checkWhole } from './check-whole.ts';
import type { Config, Options } from './config.ts';
import { variablesIn } from './fill-variables.ts';
import { anyFolder, checkFolder } from './folder.ts';
import { imgproxyEnvironment } from './imgproxy-environment.ts';
import { type Machine, thisMachine, workersFor } from './machine.ts';
import { optionNames, optionSpec } from './option-names.ts';
import { type Fault, type Faulty, isRight, type Place } from './place.ts';
import { readArguments } from './read-arguments.ts';
import { nameAsset, readAsset } from './read-asset.ts';
import { readConfigFile } from './read-config-file.ts';
import { readMounts } from './read-mounts.ts';
import { readNamespace } from './read-namespace.ts';
import { defaultPresets, readPreset } from './read-presets.ts';
import { mergeSettings, settingsOfEnvironment, settingsOfFile, settingsOfFlags } from './read-settings.ts';

/** What the command line says: options by name, folders, and `--origin`s. */
export type Flags = Readonly<{
  options?: Readonly<Record<string, unknown>>;
  folders?: readonly string[];
  origins?: readonly string[];
}>;

export type LoadInput = Readonly<{
  /** The configuration file, or null for none. */
  file: string | null;
  env: Readonly<Record<string, string | undefined>>;
  flags: Flags;
  revision: number;
  /** Where relative paths of flags and the environment start. */
  cwd?: string;
  machine?: Machine;
  /**
   * `urls`: only what URLs mean is wanted, so neither the machine nor the folders and watermarks have to be there.
   * Without it the configuration is one to serve.
   */
  only?: 'urls';
  /** Configured by another server's environment alone, instead of a file. */
  as?: 'imgproxy';
}>;

export type LoadResult =
  | Readonly<{
      ok: true;
      config: Config;
      /** Sentences for the log of the start. */
      notes: readonly string[];
    }>
  | Readonly<{ ok: false; faults: readonly Fault[] }>;

/** Most members of the file's mappings. */
const entriesMax = { namespaces: 1000, presets: 1000, assets: 100 } as const;
/** The list of mounted grammars. */
const mountsKey = 'dialects';
type Group = keyof typeof entriesMax;

/**
 * Joins file, environment and flags (the later win) over the defaults, and checks the whole. Every fault is
 * reported at once, each with the place where it was written; a configuration with one fault is no configuration.
 * `workers` comes out resolved: never 0.
 */
export async function loadConfig(input: LoadInput): Promise<LoadResult> {
  const faults: Fault[] = [];
  const cwd = input.cwd ?? process.cwd();
  const machine = input.machine ?? thisMachine();
  const isServed = input.only === undefined;
  const check = isServed ? checkFolder : anyFolder;
  const file =
    input.as === 'imgproxy'
      ? { name: '', root: imgproxyEnvironment(input.env, faults), text: '' }
      : await readConfigFile(input.file, cwd, faults);
  const folder = input.file === null ? cwd : dirname(resolve(cwd, input.file));
  const { root } = file;
  root.mapping([...optionNames, ...Object.keys(entriesMax), mountsKey], 'a mapping of options');
  const settings = mergeSettings(defaultOptions, [
    settingsOfFile(root, folder),
    settingsOfEnvironment(input.env, variablesIn(file.text), cwd, faults),
    settingsOfFlags(input.flags.options ?? {}, cwd, faults),
  ]);
  const assetNames = namesIn(root.at('assets').value);
  const presets =
    input.file === null
      ? defaultPresets
      : await readEntries('presets', root, (name, place) => readPreset(name, place, { assets: assetNames }));
  const presetNames = input.file === null ? Object.keys(presets) : namesIn(root.at('presets').value);
  const assets = await readEntries('assets', root, (name, place) =>
    isServed ? readAsset(name, place, folder) : nameAsset(name, place),
  );
  const inFile = namesIn(root.at('namespaces').value);
  const written = await readEntries('namespaces', root, (name, place) =>
    readNamespace(name, place, presetNames, { folder, env: input.env, checkFolder: check }),
  );
  const named = await readArguments(
    input.flags.folders ?? [],
    input.flags.origins ?? [],
    { cwd, checkFolder: check },
    faults,
  );
  for (const { name } of named) {
    if (inFile.includes(name)) faults.push(namedTwice(name, root.at('namespaces').at(name).where));
  }
  const namespaces = { ...written, ...Object.fromEntries(named.map((namespace) => [namespace.name, namespace])) };
  const mounts = readMounts(root.at(mountsKey), { env: input.env, namespaces: Object.keys(namespaces) });
  const options = { ...settings.options, workers: workersFor(settings.options.workers, machine) };
  await checkWhole({ options, settings, namespaces, root, machine: isServed ? machine : null }, faults);
  if (faults.length === 0 && Object.keys(namespaces).length === 0) faults.push(nothingToServe(file.name));
  if (faults.length > 0 || !isRight(mounts)) return { ok: false, faults: inOrder(faults, file.name) };
  const config = deepFreeze<Config>({ revision: input.revision, options, namespaces, presets, assets, mounts });
  return { ok: true, config, notes: notesOf(config) };
}

const defaultOptions = Object.fromEntries(optionNames.map((name) => [name, optionSpec(name).default])) as Options;

/** Reads each member of `namespaces`, `presets` or `assets`; what is faulty is left out. */
async function readEntries<Value>(
  group: Group,
  root: Place,
  read: (name: string, place: Place) => Value | Faulty | Promise<Value | Faulty>,
): Promise<Readonly<Record<string, Value>>> {
  const entries = root.at(group).entries(`names and ${group}`);
  if (!isRight(entries)) return {};
  if (entries.length > entriesMax[group]) {
    root.at(group).fault(`expected at most ${entriesMax[group]}, found ${entries.length}`);
    return {};
  }
  const values: [string, Value][] = [];
  for (const [name, place] of entries) {
    const value = await read(name, place);
    if (isRight(value)) values.push([name, value]);
  }
  return Object.fromEntries(values);
}

const namesIn = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

/** The command line knows neither keys nor protectOriginals: if it won, what the file protects would be open. */
const namedTwice = (name: string, where: string): Fault => ({
  at: 'command line',
  problem: `the namespace ${name} stands in the file as well (${where}): give one of them another name`,
});

const nothingToServe = (file: string): Fault => ({
  at: file === '' ? 'configuration' : file,
  problem:
    'there is nothing to serve: name a folder (pileus serve ./photos), an --origin name=https://host/path/, ' +
    'or `namespaces` in a configuration file',
});

/** Faults of the file by line, then the others as they were found. */
function inOrder(faults: readonly Fault[], file: string): readonly Fault[] {
  const lineOf = ({ at }: Fault): number =>
    at.startsWith(`${file}:`) ? Number(at.slice(file.length + 1)) : at === file ? 0 : Number.POSITIVE_INFINITY;
  const ranks = new Map(faults.map((fault) => [fault, lineOf(fault)]));
  const rank = (fault: Fault): number => ranks.get(fault) ?? 0;
  return [...faults].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function notesOf({ namespaces }: Config): readonly string[] {
  const open = Object.values(namespaces).filter(({ keys }) => keys.length === 0);
  if (open.length === 0) return [];
  const names = open.map(({ name }) => name).join(', ');
  return [`without keys any plan within the limits is allowed, for anyone who can reach the port: ${names}`];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

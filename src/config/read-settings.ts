import { resolve } from 'node:path';
import { addressRange } from './address-range.ts';
import { hint } from './closest-name.ts';
import type { OptionName, Options } from './config.ts';
import { environmentName, flagName, isOptionName, optionNames, optionSpec } from './option-names.ts';
import { type Fault, type Place, show } from './place.ts';
import { type OptionValue, readOption } from './read-option.ts';

/** An option as it was written somewhere. */
export type Setting = Readonly<{ value: OptionValue; at: string }>;

/** Everything that one source says, and the options that it says wrongly. */
export type Settings = Readonly<{ good: ReadonlyMap<OptionName, Setting>; bad: ReadonlySet<OptionName> }>;

/**
 * Variables that are no options: what pileus tells its own children, how the file and faults are named, and where a
 * service of Kubernetes that is called `pileus` can be reached (`PILEUS_SERVICE_HOST`, `PILEUS_PORT_8080_TCP`), which every
 * pod of its namespace is told.
 */
const otherVariables = /^PILEUS_(ROLE|CONFIG|FAULT_INJECTION|CHILD_.*|SERVICE_.*|PORT_.*)$/;

/** One more of those has the name of an option: `PILEUS_PORT=tcp://10.0.0.7:8080`. */
const isServiceUrl = (name: string, value: string | undefined): boolean =>
  name === 'PILEUS_PORT' && /^(tcp|udp|sctp):\/\//.test(value ?? '');

/** Options at the top level of the file. Its paths start from `folder`. */
export function settingsOfFile(root: Place, folder: string): Settings {
  const written = optionNames.filter((name) => root.at(name).value !== undefined);
  return settingsOf(written, (name) => root.at(name), folder);
}

/** `PILEUS_*`. Variables that the file refers to by `${NAME}` are its own business. */
export function settingsOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  referred: readonly string[],
  folder: string,
  faults: Fault[],
): Settings {
  const known = optionNames.map(environmentName);
  const isWritten = (name: OptionName): boolean =>
    env[environmentName(name)] !== undefined && !isServiceUrl(environmentName(name), env[environmentName(name)]);
  for (const name of Object.keys(env)) {
    if (!name.startsWith('PILEUS_') || known.includes(name) || otherVariables.test(name) || referred.includes(name)) {
      continue;
    }
    faults.push({ at: name, problem: `unknown environment variable${hint(name, known)}` });
  }
  const written = optionNames.filter(isWritten);
  return settingsOf(written, (name) => plainPlace(environmentName(name), env[environmentName(name)], faults), folder);
}

/** Flags by the name of their option, as the command line gives them. */
export function settingsOfFlags(flags: Readonly<Record<string, unknown>>, folder: string, faults: Fault[]): Settings {
  const written = Object.keys(flags).filter((name) => flags[name] !== undefined);
  for (const name of written.filter((one) => !isOptionName(one))) {
    faults.push({ at: `--${name}`, problem: `unknown flag${hint(name, optionNames.map(flagName))}` });
  }
  const names = written.filter(isOptionName);
  return settingsOf(names, (name) => plainPlace(flagName(name), flags[name], faults), folder);
}

/** Later sources win. An option that any source says wrongly is in `bad`, whoever wins. */
export function mergeSettings(defaults: Options, sources: readonly Settings[]): MergedSettings {
  const good = new Map(sources.flatMap((source) => [...source.good]));
  const bad = new Set(sources.flatMap((source) => [...source.bad]));
  const values = Object.fromEntries(optionNames.map((name) => [name, good.get(name)?.value ?? defaults[name]]));
  // Every value was read by its own entry of the table, which is where the types of Options come from.
  return { options: values as Options, bad, at: (name) => good.get(name)?.at ?? null };
}

export type MergedSettings = Readonly<{
  options: Options;
  bad: ReadonlySet<OptionName>;
  /** Where the winning value was written; null for a default. */
  at: (name: OptionName) => string | null;
}>;

type Source = Readonly<{ value: unknown; where: string; fault: (problem: string) => unknown }>;

const plainPlace = (at: string, value: unknown, faults: Fault[]): Source => ({
  value,
  where: at,
  fault: (problem) => faults.push({ at, problem }),
});

function settingsOf(names: readonly OptionName[], placeOf: (name: OptionName) => Source, folder: string): Settings {
  const good = new Map<OptionName, Setting>();
  const bad = new Set<OptionName>();
  for (const name of names) {
    const place = placeOf(name);
    const reading = readOption(optionSpec(name), place.value);
    const problem = reading.ok ? textProblem(name, reading.value) : reading.problem;
    if (reading.ok && problem === null)
      good.set(name, { value: fromFolder(name, reading.value, folder), at: place.where });
    else {
      bad.add(name);
      place.fault(problem ?? '');
    }
  }
  return { good, bad };
}

/** What the type alone does not say of texts and lists. */
function textProblem(name: OptionName, value: OptionValue): string | null {
  if ((name === 'host' || name === 'adminHost') && !/^[\w.:%-]+$/.test(String(value))) {
    return `expected an address or a host name, found ${show(value)}`;
  }
  if (name !== 'trustProxies' || !Array.isArray(value)) return null;
  const wrong = value.find((range) => addressRange(range) === null);
  return wrong === undefined ? null : `expected addresses or ranges such as 10.0.0.0/8, found ${show(wrong)}`;
}

const fromFolder = (name: OptionName, value: OptionValue, folder: string): OptionValue =>
  optionSpec(name).unit === 'path' && typeof value === 'string' && value !== '' ? resolve(folder, value) : value;

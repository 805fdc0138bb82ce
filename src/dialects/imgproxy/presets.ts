import { isPileusError } from '../../shared/errors.ts';

/** Presets by their names, as they are written. */
export type Presets = Readonly<Record<string, string>>;

/** Presets as lists of options: names and arguments. */
export type CutPresets = Readonly<Record<string, readonly Option[]>>;

type Option = readonly string[];

/** Presets as lists of options, cut up once for each configuration. */
export function cutPresets(presets: Presets, argumentsSeparator: string): CutPresets {
  let options = cut.get(presets);
  if (!options) {
    options = cutUp(presets, argumentsSeparator);
    cut.set(presets, options);
  }
  return options;
}

const cut = new WeakMap<Presets, CutPresets>();

const cutUp = (presets: Presets, argumentsSeparator: string): CutPresets =>
  Object.fromEntries(
    Object.entries(presets).map(([name, text]) => [
      name,
      text
        .split('/')
        .filter((part) => part !== '')
        .map((option) => option.split(argumentsSeparator)),
    ]),
  );

/** What is wrong with one preset. */
export type PresetFault = Readonly<{ preset: string; problem: string }>;

/**
 * What is wrong with presets, each fault once, where it stands. `attempt` reads an option and throws a PileusError where it cannot
 * be read; what a URL or a configuration would have to say besides is not asked for.
 */
export function presetFaults(
  presets: Presets,
  argumentsSeparator: string,
  attempt: (option: Option) => void,
): readonly PresetFault[] {
  return Object.entries(cutUp(presets, argumentsSeparator)).flatMap(([preset, options]) =>
    options.flatMap((option) => problemsOf(option, presets, attempt).map((problem) => ({ preset, problem }))),
  );
}

function problemsOf(option: Option, presets: Presets, attempt: (option: Option) => void): readonly string[] {
  const [name, ...names] = option;
  if (name === 'preset' || name === 'pr')
    return names.filter((each) => !Object.hasOwn(presets, each)).map((each) => `there is no preset "${each}"`);
  try {
    attempt(option);
    return [];
  } catch (error) {
    if (isPileusError(error)) return [error.detail ?? error.message];
    throw error;
  }
}

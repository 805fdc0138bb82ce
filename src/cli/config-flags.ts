import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { LoadInput } from '../config/load-config.ts';
import { flagName, isOptionName, optionNames, optionSpec } from '../config/option-names.ts';
import { optionGroups } from '../config/options.ts';
import { describeRange } from '../config/read-option.ts';
import type { Terminal } from './terminal.ts';

/** The file that is read from the current folder where nothing else is named. */
const usualFile = 'pileus.yaml';

/** What is typed for a command that takes a whole configuration. */
export type ConfigArguments = Readonly<{ folders: readonly string[]; options: Readonly<Record<string, unknown>> }>;

/** Gives a command `--config`, `--origin` and a flag for every option of the table. */
export function addConfigFlags(command: Command): Command {
  addFileFlag(command);
  command.addOption(
    new Option('--origin <name=url>', 'Namespace of an HTTP origin; may stand several times.').argParser(
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    ),
  );
  command.addOption(
    new Option('--as <server>', 'Take the place of another server: be configured by its environment alone.').choices([
      'imgproxy',
    ]),
  );
  for (const option of tableFlags()) command.addOption(option);
  return command;
}

export const addFileFlag = (command: Command): Command =>
  command.option(
    '-c, --config <file>',
    `Configuration file. Without it: PILEUS_CONFIG, or ${usualFile} in this folder.`,
  );

/** Everything that loading needs but the revision. */
export function loadInputOf({ folders, options }: ConfigArguments, terminal: Terminal): Omit<LoadInput, 'revision'> {
  const origins = listOf(options.origin);
  const isNamed = folders.length > 0 || origins.length > 0;
  const flags = Object.fromEntries(Object.entries(options).filter(([name]) => isOptionName(name)));
  const file = fileOf(options.config, isNamed, terminal);
  const as = options.as === 'imgproxy' ? ({ as: 'imgproxy' } as const) : {};
  return {
    file: 'as' in as ? null : file,
    ...as,
    env: terminal.env,
    flags: { options: flags, folders, origins },
    cwd: terminal.cwd,
  };
}

/** The flag, the environment, or the usual file; the last only where the command line names nothing to serve. */
export function fileOf(flag: unknown, isNamed: boolean, { env, cwd }: Terminal): string | null {
  if (typeof flag === 'string') return flag;
  if (env.PILEUS_CONFIG !== undefined && env.PILEUS_CONFIG !== '') return env.PILEUS_CONFIG;
  return !isNamed && existsSync(join(cwd, usualFile)) ? usualFile : null;
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function tableFlags(): readonly Option[] {
  let group: string = optionGroups[0].title;
  return optionNames.flatMap((name) => {
    group = optionGroups.find(({ first }) => first === name)?.title ?? group;
    const spec = optionSpec(name);
    const flag = flagName(name);
    const heading = `${group}:`;
    if (spec.type === 'bool') {
      const no = new Option(flag.replace('--', '--no-'), `The opposite of ${flag}.`).helpGroup(heading);
      return [new Option(flag, spec.doc).helpGroup(heading), no];
    }
    return [
      new Option(
        `${flag} <value>`,
        spec.type === 'string' ? spec.doc : `${spec.doc} Takes ${describeRange(spec)}.`,
      ).helpGroup(heading),
    ];
  });
}

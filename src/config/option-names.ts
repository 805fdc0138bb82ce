import type { OptionName } from './config.ts';
import type { OptionSpec } from './define-options.ts';
import { optionTable } from './options.ts';

/** Every option, in the order of the table. */
export const optionNames = Object.keys(optionTable) as readonly OptionName[];

/** An option's entry in the table. */
export const optionSpec = (name: OptionName): OptionSpec => optionTable[name];

export const isOptionName = (name: string): name is OptionName => Object.hasOwn(optionTable, name);

/** `sourceBytesMax` -> `PILEUS_SOURCE_BYTES_MAX`. */
export const environmentName = (name: OptionName): string => `PILEUS_${words(name).join('_').toUpperCase()}`;

/** `sourceBytesMax` -> `--source-bytes-max`. */
export const flagName = (name: OptionName): string => `--${words(name).join('-').toLowerCase()}`;

const words = (name: string): string[] => name.split(/(?=[A-Z])/);

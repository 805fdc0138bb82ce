import type { Config, OptionName } from '../config/config.ts';
import { diffConfig } from '../config/diff-config.ts';
import { optionNames, optionSpec } from '../config/option-names.ts';

/** Options that belong to the master itself: no child that is replaced brings them into force. */
const masterOptions = ['adminHost', 'adminPort', 'runtimeDir'] as const satisfies readonly OptionName[];

/** Why a rolling restart cannot bring this configuration into force, or null. */
export function rollRefusal(running: Config, fresh: Config): string | null {
  const changed = diffConfig(running, fresh).restart.filter((name) => masterOptions.some((own) => own === name));
  if (changed.length === 0) return null;
  return `${changed.join(', ')} belong to the master itself and need a new start; the old configuration stays until then`;
}

/** The new configuration with the old values of all that running children cannot change. */
export const withRestartOptionsOf = (running: Config, fresh: Config): Config =>
  withOptions(
    fresh,
    Object.fromEntries(
      optionNames.filter((name) => optionSpec(name).apply === 'restart').map((name) => [name, running.options[name]]),
    ),
  );

/** The same configuration with other values of some options. */
export const withOptions = (config: Config, options: Partial<Config['options']>): Config => ({
  ...config,
  options: { ...config.options, ...options },
});

/** What a worker gets: it never holds a signing key. */
export const withoutKeys = (config: Config): Config => ({
  ...config,
  namespaces: Object.fromEntries(
    Object.entries(config.namespaces).map(([name, namespace]) => [name, { ...namespace, keys: [] }]),
  ),
});

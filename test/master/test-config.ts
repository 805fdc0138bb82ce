import type { Config, NamespaceConfig, Options } from '../../src/config/config.ts';
import { optionNames, optionSpec } from '../../src/config/option-names.ts';

const defaults = Object.fromEntries(optionNames.map((name) => [name, optionSpec(name).default])) as Options;

export const namespace: NamespaceConfig = {
  name: 'photos',
  origin: { kind: 'file', root: '/nowhere' },
  presets: 'all',
  keys: [],
  ladder: [],
  protectOriginals: false,
  explain: true,
  maxAgeS: 60,
  cors: null,
  truncated: 'error',
  animated: true,
  limits: {},
};

/** A whole configuration with the default of every option, free ports, two workers, and what a test changes. */
export const testConfig = (options: Partial<Options> = {}, over: Partial<Config> = {}): Config => ({
  revision: 1,
  options: { ...defaults, port: 0, adminPort: 0, workers: 2, ...options },
  namespaces: { photos: namespace },
  presets: {},
  assets: {},
  mounts: [],
  ...over,
});

import type { Config, Options } from '../../src/config/config.ts';
import { optionTable } from '../../src/config/options.ts';
import { plainNamespace } from '../../src/config/read-namespace.ts';

/** The configuration of `pileus serve ./folder`, for computing what the server computes. */
export function defaultOptions(): Config {
  const options = Object.fromEntries(
    Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
  ) as unknown as Options;
  return {
    revision: 1,
    options,
    namespaces: { photos: plainNamespace('photos', { kind: 'file', root: '/' }) },
    presets: {},
    assets: {},
    mounts: [],
  };
}

import type { Config } from '../config/config.ts';
import { type LoadResult, loadConfig } from '../config/load-config.ts';
import { plainNamespace } from '../config/read-namespace.ts';
import { parseRequest } from '../dialects/registry.ts';
import { isPileusError } from '../shared/errors.ts';
import { fileOf } from './config-flags.ts';
import { printFaults } from './print-faults.ts';
import { splitUrl } from './raw-url.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export type TranslateFlags = Readonly<{ config?: string; accept?: string }>;

/** `pileus translate`: the canonical native URL of any URL that the node would understand. */
export async function translate(
  url: string,
  flags: TranslateFlags,
  nowMs: number,
  terminal: Terminal,
): Promise<number> {
  const { base, path, query } = splitUrl(url);
  const loaded = await configFor(path, flags.config, terminal);
  if (!loaded.ok) {
    printFaults(loaded.faults, terminal.err);
    return exitCodes.failed;
  }
  try {
    const request = {
      rawPath: path,
      rawQuery: query,
      accept: flags.accept ?? '',
      headers: {},
      origin: base,
      nowS: Math.floor(nowMs / 1000),
    };
    const { canonicalPath } = parseRequest(request, loaded.config);
    if (canonicalPath === null) {
      terminal.err(
        'pileus: This URL has no native spelling: its source is a URL, or it asks for a report that only its grammar has.',
      );
      return exitCodes.misunderstood;
    }
    terminal.out(`${base}${canonicalPath}`);
    return exitCodes.done;
  } catch (error) {
    if (!isPileusError(error)) throw error;
    terminal.err(`pileus: ${error.message}`);
    return exitCodes.misunderstood;
  }
}

/** The configuration that is named; where there is none, one in which the URL's own namespace exists, without keys. */
async function configFor(path: string, flag: string | undefined, terminal: Terminal): Promise<LoadResult> {
  const { env, cwd } = terminal;
  const file = fileOf(flag, false, terminal);
  const input = { file, env, revision: 1, cwd, only: 'urls' } as const;
  if (file !== null) return loadConfig({ ...input, flags: {} });
  const loaded = await loadConfig({ ...input, flags: { folders: ['.'] } });
  return loaded.ok ? { ...loaded, config: withNamespace(loaded.config, path.split('/')[1] ?? '') } : loaded;
}

const withNamespace = (config: Config, name: string): Config => ({
  ...config,
  namespaces: { [name]: plainNamespace(name, { kind: 'file', root: '' }) },
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratchFolder } from './pileus.ts';

/** A folder of originals with a configuration file beside it, for one node. */
export type Site = Readonly<{
  folder: string;
  /** The root of the namespace `photos`. */
  originals: string;
  /** Arguments of `serve` that name the configuration. */
  args: readonly string[];
  /** Writes an original, or another file under the folder of originals. */
  put: (key: string, bytes: Uint8Array) => void;
  remove: (key: string) => void;
  /** Writes the configuration: what is given, and `photos` unless given otherwise. */
  configure: (config: SiteConfig) => void;
  clear: () => void;
}>;

/** The mapping that pileus.yaml holds. */
export type SiteConfig = Readonly<Record<string, unknown>>;

export function makeSite(config: SiteConfig = {}): Site {
  const folder = scratchFolder();
  const originals = path.join(folder, 'photos');
  const file = path.join(folder, 'pileus.yaml');
  mkdirSync(originals);
  const configure = (given: SiteConfig): void => {
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ namespaces: { photos: { origin: './photos' } }, workers: 2, ...given }));
  };
  configure(config);
  return {
    folder,
    originals,
    args: ['-c', file],
    put: (key, bytes) => {
      const place = path.join(originals, key);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, bytes);
    },
    remove: (key) => rmSync(path.join(originals, key)),
    configure,
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import type { AssetBytes } from './engine.ts';

/**
 * Reads the registered watermarks. Each has to be what the master hashed when it read the configuration, because
 * its version is part of derivation keys. Throws an Error that names the asset.
 */
export async function loadAssets(config: Config): Promise<AssetBytes> {
  const assets = new Map<string, Uint8Array>();
  for (const { name, path, version } of Object.values(config.assets)) {
    const bytes = await readFile(path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!hash.startsWith(version)) throw new Error(`the asset ${name} changed while the configuration was loaded`);
    assets.set(name, bytes);
  }
  return assets;
}

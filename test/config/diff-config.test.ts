import { describe, expect, it } from 'vitest';
import { diffConfig, reloadRefusal } from '../../src/config/diff-config.ts';
import { optionNames, optionSpec } from '../../src/config/option-names.ts';
import { configOf, photos, temporaryFolder } from './loading.ts';

describe('a reload', () => {
  it('finds nothing where nothing changed, whatever the order in the file', async () => {
    const folder = temporaryFolder();
    const one = await configOf({ folder, yaml: 'namespaces: { a: { origin: ./photos }, b: { origin: ./photos } }' });
    const other = await configOf({ folder, yaml: 'namespaces: { b: { origin: ./photos }, a: { origin: ./photos } }' });
    expect(diffConfig(one, { ...other, revision: 2 })).toEqual({ live: [], restart: [], content: false });
  });

  it('tells live options from those that need new processes', async () => {
    const folder = temporaryFolder();
    const one = await configOf({ folder, yaml: photos });
    const other = await configOf({ folder, yaml: `${photos}jpegQuality: 60\nport: 81\ntrustProxies: [10.0.0.0/8]\n` });
    expect(diffConfig(one, other)).toEqual({
      live: ['jpegQuality', 'trustProxies'],
      restart: ['port'],
      content: false,
    });
  });

  it('sees changed namespaces, presets and assets', async () => {
    const folder = temporaryFolder();
    const one = await configOf({ folder, yaml: photos });
    const other = await configOf({ folder, yaml: `${photos}presets: { a: w_100 }\n` });
    expect(diffConfig(one, other)).toEqual({ live: [], restart: [], content: true });
  });

  it('is refused for a changed restart option, by the sentence that names USR2', async () => {
    const folder = temporaryFolder();
    const one = await configOf({ folder, yaml: photos });
    const other = await configOf({ folder, yaml: `${photos}port: 81\nblobBufferBytes: 256MiB\n` });
    expect(reloadRefusal(one, other)).toBe(
      'not reloaded: port (8080 -> 81), blobBufferBytes (128MiB -> 256MiB) cannot change while the processes run; send USR2 or start anew, and the old configuration stays until then',
    );
  });

  it('is not refused for live options', async () => {
    const config = await configOf({ yaml: photos });
    const changed = optionNames.filter((name) => optionSpec(name).apply === 'live');
    const options = { ...config.options, ...Object.fromEntries(changed.map((name) => [name, 'changed'])) };
    expect(reloadRefusal(config, { ...config, options })).toBeNull();
    expect(diffConfig(config, { ...config, options }).live).toEqual(changed);
  });
});

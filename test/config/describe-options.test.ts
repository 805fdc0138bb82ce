import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeOptions, exampleUrl } from '../../src/config/describe-options.ts';
import { environmentName, flagName, optionNames } from '../../src/config/option-names.ts';
import { configOf, png, temporaryFolder } from './loading.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const example = readFileSync(exampleUrl, 'utf8');

describe('docs/configuration.md', () => {
  it('is what the table of options says; `npm run docs` writes it anew', () => {
    expect(page).toBe(describeOptions(example));
  });

  it('has every option once, with its variable and its flag', () => {
    for (const name of optionNames) {
      const rows = page.split('\n').filter((line) => line.startsWith(`| \`${name}\` | \`${environmentName(name)}\``));
      expect(rows, name).toHaveLength(1);
      expect(rows[0]).toContain(`\`${flagName(name)}\``);
    }
  });

  it('has an example that can be loaded', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'logo.png'), png(8, 8));
    const env = { HOTEL_TOKEN: 'token', HOTEL_KEY: 'a secret of sixteen' };
    const config = await configOf({ folder, yaml: example, env });
    expect(Object.keys(config.namespaces)).toEqual(['photos', 'hotel']);
    expect(config.namespaces.hotel?.limits).toEqual({ sourceBytesMax: 8 * 2 ** 20, jpegQuality: 75 });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configOf, faultsOf, photos, png, temporaryFolder } from '../../config/loading.ts';

const env = { QINIU_AK: 'access', QINIU_SK: 'secret' };

describe('the configuration of the documents', () => {
  it.each(['qiniu', 'tencent', 'suffix'])('%s is right', async (grammar) => {
    const text = readFileSync(new URL(`../../../docs/dialects/${grammar}.md`, import.meta.url), 'utf8');
    const yaml = /```yaml\n([^`]*)```/.exec(text)?.[1] ?? '';
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'logo.png'), png(2, 1));
    const config = await configOf({ yaml: `${photos}assets: { logo: ./logo.png }\n${yaml}`, env, folder });
    expect(config.mounts).toMatchObject([{ grammar, namespace: 'photos' }]);
  });
});

describe('faults of a mount', () => {
  it.each([
    ['{ grammar: qiniu, styles: { s: imageView2/9 } }', /dialects.*styles.*mode from 0 to 5/],
    ['{ grammar: tencent, seperators: ["!"] }', /unknown setting.*separators/],
    ['{ grammar: suffix, sizes: [big] }', /expected <width>x<height>/],
  ])('%s', async (mount, fault) => {
    expect((await faultsOf({ yaml: `${photos}dialects: [${mount}]\n` })).join('\n')).toMatch(fault);
  });
});

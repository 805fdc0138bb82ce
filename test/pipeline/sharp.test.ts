import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { warmUp } from '../../src/pipeline/sharp.ts';
import { gradient, png } from '../fixtures/pictures.ts';

describe('the engine', () => {
  const folder = mkdtemp(join(tmpdir(), 'pileus-sharp-'));
  afterAll(async () => rm(await folder, { recursive: true }));

  it('does not start while the limits of the decoders are lifted', async () => {
    process.env.VIPS_UNLIMITED = '1';
    await expect(warmUp()).rejects.toThrow('VIPS_UNLIMITED');
    delete process.env.VIPS_UNLIMITED;
  });

  it('warms up in every format and says its versions', async () => {
    const versions = await warmUp();
    for (const version of Object.values(versions)) expect(version).toMatch(/^[0-9a-f]+(\.[0-9]+)*$/);
    expect(sharp.concurrency()).toBe(1);
    expect(sharp.cache().memory.max).toBe(0);
  });

  it('reads six formats from bytes, nothing from files and no SVG', async () => {
    const file = await png(gradient());
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
      const bytes = await sharp(file)[format]().toBuffer();
      expect((await sharp(bytes).raw().toBuffer()).length).toBeGreaterThan(0);
    }
    const path = join(await folder, 'a.png');
    await writeFile(path, file);
    await expect(sharp(path).raw().toBuffer()).rejects.toThrow('unsupported');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    await expect(sharp(svg).raw().toBuffer()).rejects.toThrow('unsupported');
  });
});

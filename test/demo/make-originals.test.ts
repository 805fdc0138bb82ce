import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { makeSampleOriginals } from '../../src/demo/make-originals.ts';

describe('sample originals', () => {
  const root = mkdtemp(join(tmpdir(), 'pileus-demo-'));
  afterAll(async () => rm(await root, { recursive: true }));

  it('are one of each kind, whole and as their names say', async () => {
    const folder = join(await root, 'new', 'photos');
    const keys = await makeSampleOriginals(folder);
    expect([...(await readdir(folder))].sort()).toEqual([...keys].sort());
    const facts = new Map<string, Metadata>();
    for (const key of keys) {
      const file = await readFile(join(folder, key));
      facts.set(key, await sharp(file).metadata());
      await expect(sharp(file, { failOn: 'warning' }).stats()).resolves.toBeDefined();
    }
    expect(facts.get('mountain.jpg')).toMatchObject({
      format: 'jpeg',
      width: 3000,
      height: 2000,
      isProgressive: false,
    });
    expect(facts.get('street-progressive.jpg')).toMatchObject({ format: 'jpeg', isProgressive: true });
    expect(facts.get('leaf.png')).toMatchObject({ format: 'png', hasAlpha: true });
    expect(facts.get('orbit.gif')).toMatchObject({ format: 'gif', pages: 16, loop: 0 });
    expect(facts.get('badge.webp')).toMatchObject({ format: 'webp', hasAlpha: true });
    expect(facts.get('dusk.avif')).toMatchObject({ format: 'heif', compression: 'av1' });
    expect(facts.get('portrait.jpg')).toMatchObject({ orientation: 6, width: 1500, height: 1000 });
  }, 60_000);

  it('never replace a file that is there', async () => {
    const folder = join(await root, 'mine');
    await mkdir(folder);
    for (const key of ['mountain.jpg', 'dusk.avif']) await writeFile(join(folder, key), 'my own');
    const keys = await makeSampleOriginals(folder);
    expect([...(await readdir(folder))].sort()).toEqual([...keys].sort());
    expect(await readFile(join(folder, 'mountain.jpg'), 'utf8')).toBe('my own');
    expect(await readFile(join(folder, 'dusk.avif'), 'utf8')).toBe('my own');
  }, 60_000);
});

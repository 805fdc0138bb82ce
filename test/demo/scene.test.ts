import { describe, expect, it } from 'vitest';
import { paintLeaf, paintOrbit, paintScene, type RawPicture } from '../../src/demo/scene.ts';
import { encodeRaw } from '../../src/pipeline/encode-raw.ts';

/** Standard deviation of the values. */
function spread({ bytes }: RawPicture): number {
  const mean = bytes.reduce((sum, value) => sum + value, 0) / bytes.length;
  return Math.sqrt(bytes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / bytes.length);
}

const scenes = ['mountain', 'street', 'dusk', 'portrait'] as const;

describe('scenes', () => {
  it.each(scenes)('%s is the same for the same seed and another for another', (name) => {
    const [one, same, other] = [paintScene(name, 90, 60, 1), paintScene(name, 90, 60, 1), paintScene(name, 90, 60, 2)];
    expect(one.bytes.equals(same.bytes)).toBe(true);
    expect(one.bytes.equals(other.bytes)).toBe(false);
  });

  it.each(scenes)('%s is not flat: a JPEG of it takes as many bits as one of a photograph', async (name) => {
    const scene = paintScene(name, 600, 400, 1);
    expect(spread(scene)).toBeGreaterThan(15);
    const file = await encodeRaw(scene, { format: 'jpeg', quality: 85 });
    const bitsPerPixel = (file.length * 8) / (600 * 400);
    expect(bitsPerPixel).toBeGreaterThan(1);
    expect(bitsPerPixel).toBeLessThan(4);
  });

  it.each([
    [1, 1],
    [1, 40],
    [57, 3],
  ])('can be %i x %i', (width, height) => {
    for (const name of scenes) expect(paintScene(name, width, height, 1).bytes.length).toBe(width * height * 3);
    expect(paintLeaf(width, height, 1).bytes.length).toBe(width * height * 4);
    expect(paintOrbit(width, height, 3, 1).bytes.length).toBe(width * height * 9);
  });

  it('the leaf is opaque in the middle, transparent in the corners, and soft between', () => {
    const { bytes } = paintLeaf(200, 200, 1);
    const alphas = new Set(Array.from({ length: 200 * 200 }, (_, at) => bytes[at * 4 + 3]));
    expect(bytes[(100 * 200 + 100) * 4 + 3]).toBe(255);
    expect(bytes[3]).toBe(0);
    expect(alphas.size).toBeGreaterThan(20);
  });

  it('no two frames of the orbit are equal', () => {
    const { bytes } = paintOrbit(80, 60, 8, 1);
    const frames = Array.from({ length: 8 }, (_, at) => bytes.toString('latin1', at * 14_400, (at + 1) * 14_400));
    expect(new Set(frames).size).toBe(8);
  });
});

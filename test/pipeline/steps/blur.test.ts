import { describe, expect, it } from 'vitest';
import { colours } from '../../fixtures/pictures.ts';
import { difference, draw, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const edge = draw(41, 21, 3, (x) => (x < 20 ? [0, 0, 0] : [255, 255, 255]));

describe('blur', () => {
  it('makes a ramp of an edge, the wider the greater sigma is', async () => {
    const width = async (sigma: number): Promise<number> => {
      const made = await runOps(edge, [{ op: 'blur', sigma }]);
      return Array.from({ length: 41 }, (_, x) => pixelAt(made, x, 10)[0] ?? 0).filter((v) => v > 5 && v < 250).length;
    };
    const [narrow, wide] = [await width(1), await width(4)];
    expect(narrow).toBeGreaterThanOrEqual(2);
    expect(wide).toBeGreaterThan(narrow * 2);
  });

  it('leaves a flat picture as it is', async () => {
    const flat = draw(20, 20, 3, () => colours.green);
    expect(difference(await runOps(flat, [{ op: 'blur', sigma: 5 }]), flat).max).toBeLessThanOrEqual(1);
  });

  it.each([0, 0.05])('with sigma %f can hardly be seen', async (sigma) => {
    expect(difference(await runOps(edge, [{ op: 'blur', sigma }]), edge).mean).toBeLessThan(1);
  });
});

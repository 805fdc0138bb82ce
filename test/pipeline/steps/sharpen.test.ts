import { describe, expect, it } from 'vitest';
import { colours } from '../../fixtures/pictures.ts';
import { difference, draw, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const soft = draw(41, 21, 3, (x) => {
  const v = Math.round(60 + 130 / (1 + Math.exp(-(x - 20) / 2)));
  return [v, v, v];
});

describe('sharpen', () => {
  it('makes the dark side of an edge darker and the bright side brighter', async () => {
    const made = await runOps(soft, [{ op: 'sharpen', sigma: 2 }]);
    expect(pixelAt(made, 17, 10)[0]).toBeLessThan((pixelAt(soft, 17, 10)[0] ?? 0) - 2);
    expect(pixelAt(made, 23, 10)[0]).toBeGreaterThan((pixelAt(soft, 23, 10)[0] ?? 0) + 2);
  });

  it('leaves a flat picture as it is', async () => {
    const flat = draw(20, 20, 3, () => colours.blue);
    expect(difference(await runOps(flat, [{ op: 'sharpen', sigma: 2 }]), flat).max).toBeLessThanOrEqual(1);
  });

  it('with sigma 0 changes nothing', async () => {
    expect(difference(await runOps(soft, [{ op: 'sharpen', sigma: 0 }]), soft).max).toBe(0);
  });
});

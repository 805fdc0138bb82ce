import { describe, expect, it } from 'vitest';
import { gradient } from '../../fixtures/pictures.ts';
import { difference, rearrange } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

describe('flip', () => {
  const source = gradient(45, 31);

  it.each([
    [true, false],
    [false, true],
    [true, true],
    [false, false],
  ])('horizontal %s, vertical %s moves every pixel to its mirror', async (horizontal, vertical) => {
    const made = await runOps(source, [{ op: 'flip', horizontal, vertical }]);
    const expected = rearrange(source, 45, 31, (x, y) => [horizontal ? 44 - x : x, vertical ? 30 - y : y]);
    expect(difference(made, expected).max).toBe(0);
  });

  it('twice is nothing', async () => {
    const op = { op: 'flip', horizontal: true, vertical: true } as const;
    expect(difference(await runOps(source, [op, op]), source).max).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/plan/header.ts';
import type { FormatWish, Plan } from '../../../src/plan/plan.ts';
import { compileProgram } from '../../../src/plan/program.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { shrinkOnLoad } from '../../../src/plan/shrink-on-load.ts';
import { codeOf, makeContext, makeHeader, makePlan, makeResize } from './scene.ts';

type Frames = Plan['decode']['frames'];

const framesOf = (frames: Frames, format: FormatWish, header: Partial<Header>, animated = true): string => {
  const plan = makePlan({ frames, encode: { format } });
  const { input } = resolve(plan, makeHeader(header), makeContext({ animated }));
  return `${input.pages} from ${input.page}`;
};

const gif = { format: 'gif', frames: 5 } as const;

describe('frames', () => {
  it.each([
    ['auto', 'gif', gif, true, '5 from 0'],
    ['auto', 'webp', gif, true, '5 from 0'],
    ['auto', 'source', gif, true, '5 from 0'],
    ['auto', 'auto', gif, true, '5 from 0'],
    ['auto', 'jpg', gif, true, '1 from 0'],
    ['auto', 'avif', gif, true, '1 from 0'],
    ['auto', 'gif', gif, false, '1 from 0'],
    ['first', 'gif', gif, true, '1 from 0'],
    ['all', 'webp', gif, true, '5 from 0'],
    ['all', 'webp', { format: 'jpeg' }, false, '1 from 0'],
    [3, 'gif', gif, true, '1 from 3'],
    ['auto', 'webp', { format: 'tiff', frames: 5 }, true, '1 from 0'],
    ['all', 'tif', { format: 'tiff', frames: 5 }, true, '1 from 0'],
    [4, 'jpg', { format: 'tiff', frames: 5 }, true, '1 from 4'],
  ] as const)('%s as %s of %j, animations kept: %s -> %s', (frames, format, header, animated, expected) => {
    expect(framesOf(frames, format, header, animated)).toBe(expected);
  });

  it.each([
    [{ page: 0, pages: 3 }, 'gif', gif, true, '5 from 0'],
    [{ page: 0, pages: 3 }, 'gif', gif, false, '3 from 0 stacked'],
    [{ page: 1, pages: 3, still: true }, 'gif', gif, true, '3 from 1 stacked'],
    [{ page: 3, pages: 9 }, 'jpg', gif, true, '2 from 3 stacked'],
    [{ page: 2, pages: 1 }, 'jpg', gif, true, '1 from 2'],
    [{ page: 2, pages: 4 }, 'jpg', { format: 'jpeg' }, true, '1 from 0'],
    [{ page: 1, pages: 2 }, 'tif', { format: 'tiff', frames: 5 }, true, '2 from 1 stacked'],
  ] as const)('pages %j as %s of %j, animations kept: %s -> %s', (pages, format, header, animated, expected) => {
    const { input } = resolve(
      makePlan({ frames: pages, encode: { format } }),
      makeHeader(header),
      makeContext({ animated }),
    );
    expect(`${input.pages} from ${input.page}${input.stacked ? ' stacked' : ''}`).toBe(expected);
  });

  it('as pages make one picture that is as high as all of them', () => {
    const pages = { page: 1, pages: 3, still: true } as const;
    const half = makeResize({ size: { by: 'percent', percent: 50 } });
    const plan = makePlan({ frames: pages, steps: [half], encode: { format: 'webp', metadata: 'all' } });
    const made = resolve(plan, makeHeader({ ...gif, width: 100, height: 60 }), makeContext());
    expect(made).toMatchObject({ width: 50, height: 90, frames: 1, encode: { metadata: 'none' } });
    expect(compileProgram(made).segments[0]?.input).toEqual({ width: 100, height: 180 });
    expect(shrinkOnLoad({ ...made, input: { ...made.input, format: 'webp' } })).toBe(1);
    expect(codeOf(() => resolve(makePlan({ frames: { page: 5, pages: 1 } }), makeHeader(gif), makeContext()))).toBe(
      'operation_unsupported',
    );
  });

  it.each([
    [5, 'gif', true, 'operation_unsupported'],
    [-1, 'gif', true, 'bad_value'],
    [1.5, 'gif', true, 'bad_value'],
    ['all', 'jpg', true, 'operation_unsupported'],
    ['all', 'gif', false, 'not_allowed'],
  ] as const)('%s as %s, animations kept: %s is %s', (frames, format, animated, code) => {
    expect(codeOf(() => framesOf(frames, format, gif, animated))).toBe(code);
  });

  it('of an animation cannot be cropped by content', () => {
    const gravity = { kind: 'smart', by: 'entropy' } as const;
    const steps = [makeResize({ mode: 'cover', gravity })];
    const act = (frames: Frames) =>
      resolve(makePlan({ steps, frames, encode: { format: 'webp' } }), makeHeader(gif), makeContext());
    expect(codeOf(() => act('auto'))).toBe('operation_unsupported');
    expect(codeOf(() => act('first'))).toBeNull();
  });

  it('accepts what is cut short of a still only', () => {
    const resolveFrom = (header: Partial<Header>) =>
      resolve(makePlan({ encode: { format: 'source' } }), makeHeader(header), makeContext({ truncatedOk: true }));
    expect(resolveFrom({}).input.truncatedOk).toBe(true);
    expect(resolveFrom(gif).input.truncatedOk).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader } from '../../plan/resolve/scene.ts';
import { refusal } from '../native/sample-config.ts';
import { configWith, withOptions } from './kit.ts';

type Layout = Extract<Step, { op: 'layout' }>;
const planOf = (options: string, settings = {}): Plan => withOptions(options, configWith(settings)).plan;
const layoutsOf = (options: string, settings = {}): string[] =>
  planOf(options, settings)
    .steps.filter((step): step is Layout => step.op === 'layout')
    .map(({ w, h }) => `${w}x${h}`);
const opsOf = (options: string) => planOf(options).steps.map(({ op }) => op);
const sizeOf = (options: string): string => {
  const { width, height } = resolve(
    planOf(options),
    makeHeader({ format: 'png', width: 200, height: 100 }),
    makeContext(),
  );
  return `${width}x${height}`;
};

describe('a chain of pipelines', () => {
  it('is one plan, each pipeline behind the one before', () => {
    expect(opsOf('rs:fit:50:50/-/t:10')).toEqual(['layout', 'trim']);
    expect(opsOf('w:50/-/rot:90/w:20/-/fl:1')).toEqual(['layout', 'rotate', 'layout', 'flip']);
    expect(opsOf('w:50/-/-')).toEqual(['layout']);
  });

  it.each([
    ['rs:fill:50:50/-/c:20:10', '20x10'],
    ['c:20:10/rs:fill:50:50', '20x10'],
    ['w:50/-/pd:5/-/w:30', '30x18'],
    ['pd:5/-/rot:90', '110x210'],
    ['dpr:2/w:50/-/pd:1', '102x52'],
    ['w:20/-/w:100', '20x10'],
    ['w:20/-/w:100/el:1', '100x50'],
  ])('%s is %s', (options, size) => {
    expect(sizeOf(options)).toBe(size);
  });

  it('may draw a vector picture larger only in its first pipeline', () => {
    const header = makeHeader({ format: 'svg', width: 20, height: 10 });
    expect(resolve(planOf('w:40/-/w:80/f:png'), header, makeContext()).width).toBe(40);
  });

  it('has one result: what is said of it holds for all, and the last word counts', () => {
    expect(planOf('q:40/f:webp/-/w:5').encode).toMatchObject({ format: 'webp', quality: { value: 40 } });
    expect(planOf('f:webp/-/f:png').encode.format).toBe('png');
    expect(planOf('ar:0/-/w:5').decode.orient).toBe(false);
    const { answer } = withOptions('fn:a/-/w:5');
    expect(answer.disposition).toMatchObject({ name: 'a' });
  });

  it('takes presets that are chains, from where their name stands', () => {
    const presets = { test: 'w:300/h:300/-/w:200/h:200/-/w:100/h:200', loop: 'w:5/-/pr:loop' };
    expect(layoutsOf('pr:test/w:400/-/-/w:500', { presets })).toEqual(['400x300', '200x200', '500x200']);
    expect(layoutsOf('w:7/-/pr:test', { presets })).toEqual(['7x0', '300x300', '200x200', '100x200']);
    expect(layoutsOf('-/pr:test/-/pr:test', { presets })).toEqual(['0x0', '300x300', '300x300', '200x200', '100x200']);
    expect(withOptions('-/pr:test', configWith({ presets })).presets).toEqual(['test']);
    expect(layoutsOf('pr:loop', { presets })).toEqual(['5x0']);
  });

  it('is as long as the mount allows, and never longer than a plan', () => {
    expect(refusal(() => planOf('w:5/-/w:4/-/w:3', { maxChainedPipelines: 2 })).code).toBe('bad_url');
    expect(layoutsOf('w:5/-/w:4', { maxChainedPipelines: 2 })).toEqual(['5x0', '4x0']);
    const many = Array.from({ length: 20 }, (_, at) => `w:${at + 1}`).join('/-/');
    expect(refusal(() => planOf(many)).code).toBe('bad_url');
  });

  it('needs no permission of its own', () => {
    expect(layoutsOf('w:5/-/w:4', { allowedProcessingOptions: ['w'] })).toEqual(['5x0', '4x0']);
  });
});

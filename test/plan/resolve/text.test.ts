import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/plan/plan.ts';
import { codeOf, resolveSteps } from './scene.ts';

type Text = Extract<Step, { op: 'text' }>;

const assets = {
  sans: { name: 'sans', path: '/assets/sans.ttf', version: 'f1', width: 0, height: 0, font: true },
  logo: { name: 'logo', path: '/assets/logo.png', version: 'v1', width: 200, height: 100 },
} as const;

const text = (changes: Partial<Text> = {}): Text => ({
  op: 'text',
  text: 'Hello, 水印',
  font: 'sans',
  size: 40,
  colour: '000000ff',
  gravity: 'se',
  dx: 10,
  dy: 10,
  opacity: 100,
  ...changes,
});
const opOf = (changes: Partial<Text> = {}) =>
  resolveSteps([text(changes)], { width: 400, height: 300 }, { assets }).ops[0];

describe('text', () => {
  it('carries the version of its font, which changes the bytes', () => {
    expect(opOf()).toEqual({ ...text(), fontVersion: 'f1' });
  });

  it('that cannot be seen is no op', () => {
    expect(opOf({ text: '' })).toBeUndefined();
    expect(opOf({ text: ' \n ' })).toBeUndefined();
    expect(opOf({ opacity: 0 })).toBeUndefined();
  });

  it.each<[string, Partial<Text>]>([
    ['a font that is not registered', { font: 'serif' }],
    ['a picture as its font', { font: 'logo' }],
    ['too many characters', { text: '水'.repeat(257) }],
    ['too large an em', { size: 1001 }],
    ['no size', { size: 0 }],
    ['a control character', { text: 'a\u0000b' }],
    ['half of a character', { text: 'a\ud800b' }],
    ['a shadow that reaches too far', { shadow: { sigma: 3, opacity: 50, dx: 101, dy: 0 } }],
  ])('with %s is refused', (_name, changes) => {
    expect(codeOf(() => opOf(changes))).toBe('bad_value');
  });

  it('may have lines, marks of direction and joined signs', () => {
    expect(opOf({ text: 'one\ntwo \u200f\u200d' })).toMatchObject({ text: 'one\ntwo \u200f\u200d' });
  });

  it('cannot be a picture: a font as a watermark is refused', () => {
    const mark = {
      op: 'watermark',
      asset: 'sans',
      gravity: 'c',
      dx: 0,
      dy: 0,
      opacity: 100,
      scalePercent: 0,
    } as const;
    expect(codeOf(() => resolveSteps([mark], {}, { assets }))).toBe('bad_value');
  });
});

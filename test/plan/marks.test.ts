import { describe, expect, it } from 'vitest';
import type { Header, SourceFacts } from '../../src/plan/header.ts';
import {
  checkMark,
  checkMarks,
  type KnownMark,
  markName,
  marksMax,
  marksOf,
  versionWith,
  withMarks,
} from '../../src/plan/marks.ts';
import type { SourceRef, Step } from '../../src/plan/plan.ts';
import { codeOf, makeContext, makeHeader, makeOptions, makePlan } from './resolve/scene.ts';

const logo: SourceRef = { ns: 'photos', key: 'a/logo.png' };
const other: SourceRef = { ns: 'web', key: 'http://host/x.png' };

const mark = (asset: Extract<Step, { op: 'watermark' }>['asset']): Step => ({
  op: 'watermark',
  asset,
  gravity: 'se',
  dx: 0,
  dy: 0,
  opacity: 100,
  scalePercent: 0,
});

const factsOf = (version: string, header: Partial<Header> = {}): SourceFacts => ({
  version,
  bytes: 100,
  modifiedMs: null,
  header: makeHeader(header),
});
const known = (source: SourceRef, version: string, header: Partial<Header> = {}): KnownMark => ({
  source,
  facts: factsOf(version, header),
});

describe('the marks of a plan', () => {
  it('are the originals that it draws, each once; registered ones are none', () => {
    const { steps } = makePlan({ steps: [mark('logo'), mark(other), { op: 'grey' }, mark(logo), mark({ ...other })] });
    expect(marksOf({ steps })).toEqual([other, logo]);
    expect(marksOf({ steps: [mark('logo')] })).toEqual([]);
  });

  it('are a few at most', () => {
    const steps = Array.from({ length: marksMax + 1 }, (_, at) => mark({ ns: 'photos', key: `${at}.png` }));
    expect(codeOf(() => checkMarks({ steps: steps.slice(1) }))).toBeNull();
    expect(codeOf(() => checkMarks({ steps }))).toBe('bad_combination');
  });

  it('have names that no registered asset can have', () => {
    expect(markName(logo)).toBe('photos:a/logo.png');
    expect(markName('logo')).toBe('logo');
  });
});

describe('what is known of them', () => {
  it('stands beside the registered assets, as a viewer sees it', () => {
    const { assets } = makeContext();
    const all = withMarks(assets, [known(logo, 'v7', { format: 'png', width: 30, height: 20, orientation: 6 })]);
    expect(all).toMatchObject({
      ...assets,
      'photos:a/logo.png': { version: 'v7', width: 20, height: 30, from: { format: 'png', pixels: 600 } },
    });
    expect(withMarks(assets, [])).toBe(assets);
  });

  it('makes the version of a picture that of all that it is made of', () => {
    expect(versionWith('v1', [])).toBe('v1');
    const both = versionWith('v1', [known(logo, 'v2'), known(other, 'v3')]);
    expect(both).not.toBe(versionWith('v1', [known(logo, 'v2'), known(other, 'v4')]));
    expect(both).not.toBe(versionWith('v0', [known(logo, 'v2'), known(other, 'v3')]));
  });
});

describe('what may be drawn', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('%s', (format) => {
    expect(checkMark(makeHeader({ format }), makeOptions())).toBeNull();
  });

  it.each([
    { format: 'svg' },
    { format: 'ico' },
    { format: 'bmp' },
    { width: 4001, height: 4000 },
    { width: 200_000, height: 1 },
  ] as const)('is not %j', (header) => {
    expect(checkMark(makeHeader(header), makeOptions({ svgBytesMax: 1000 }))).toMatchObject({ code: 'mark_unusable' });
  });
});

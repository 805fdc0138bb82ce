import { describe, expect, it } from 'vitest';
import { operationClass } from '../../src/plan/operation-class.ts';
import type { SourceRef } from '../../src/plan/plan.ts';
import { parseSpec } from '../dialects/native/sample-config.ts';
import { makePlan } from './resolve/scene.ts';

const classOf = (spec: string, accept = ''): string => operationClass(parseSpec(spec, { accept }).plan);

describe('the operation class', () => {
  it.each([
    ['w_300.webp', 'image/webp/frames/plain'],
    ['w_300.jpg', 'image/jpg/still/plain'],
    ['w_300,fr_all.png', 'image/png/frames/plain'],
    ['w_300,fr_0.gif', 'image/gif/still/plain'],
    ['w_300,fr_p0.8.webp', 'image/webp/frames/plain'],
    ['w_300,fr_p0.8.jpg', 'image/jpg/still/plain'],
    ['w_300,fr_s0.8.webp', 'image/webp/still/plain'],
    ['w_300,sh_1,bl_2,wm_logo.avif', 'image/avif/still/blur+sharpen+watermark'],
    ['m_cover,w_300,g_att.jpg', 'image/jpg/still/attention'],
    ['explain,w_300.json', 'explain/plain/frames/plain'],
    ['info.json', 'info/source/frames/plain'],
  ])('of %s is %s', (spec, name) => {
    expect(classOf(spec)).toBe(name);
  });

  it.each([
    ['w_300.webp', 'w_301.webp'],
    ['w_300.webp', 'm_cover,w_9,h_9,g_nw,c_sq,rt_90,fl_h,q_5.webp'],
    ['w_300,bl_2.webp', 'h_20,bl_9.webp'],
    ['w_300,bl_2,sh_1.webp', 'sh_9,bl_9.webp'],
    ['card.webp', 'thumb,dpr_2.webp'],
  ])('is shared by %s and %s', (one, other) => {
    expect(classOf(one)).toBe(classOf(other));
  });

  it.each([
    ['w_300.webp', 'w_300.avif'],
    ['w_300.webp', 'w_300,bl_2.webp'],
    ['w_300,bl_2.webp', 'w_300,sh_2.webp'],
    ['w_300.gif', 'w_300,fr_0.gif'],
    ['w_300.webp', 'explain,w_300.json'],
    ['m_cover,w_300,g_att.webp', 'm_cover,w_300,g_ent.webp'],
  ])('differs between %s and %s', (one, other) => {
    expect(classOf(one)).not.toBe(classOf(other));
  });

  it('of auto follows what was negotiated', () => {
    expect(classOf('w_300.auto', 'image/webp')).toBe('image/webp/frames/plain');
    expect(classOf('w_300.auto')).toBe('image/plain/frames/plain');
  });

  it('of a window that is found by content names how', () => {
    const gravity = { kind: 'smart', by: 'entropy' } as const;
    const step = { op: 'crop', w: 5, h: 5, gravity, dx: 0, dy: 0 } as const;
    expect(operationClass(makePlan({ steps: [step] }))).toBe('image/jpg/still/entropy');
  });
});

describe('a mark that is another original', () => {
  const classOfMark = (asset: string | SourceRef): string =>
    operationClass(
      makePlan({
        steps: [{ op: 'watermark', asset, gravity: 'se', dx: 0, dy: 0, opacity: 100, scalePercent: 0 }],
        encode: { format: 'jpg' },
      }),
    );

  it('is an operation of its own, so that a bad one bans no other', () => {
    expect(classOfMark('logo')).toBe('image/jpg/still/watermark');
    expect(classOfMark({ ns: 'photos', key: 'x.png' })).toBe('image/jpg/still/watermark of photos:x.png');
  });
});

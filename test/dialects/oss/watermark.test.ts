import { describe, expect, it } from 'vitest';
import { finerCodeOf } from '../../../src/dialects/oss/refusal.ts';
import { refusal } from '../native/sample-config.ts';
import { parseProcess, resolved } from './mount.ts';

const settings = { watermarks: { 'panda.png': 'logo' } };
const base64 = (text: string): string => Buffer.from(text).toString('base64url');
const panda = `image_${base64('panda.png')}`;
const stepsOf = (params: string) => parseProcess(`image/watermark,${params}`, settings).plan.steps;
const own = { op: 'watermark', asset: 'logo', gravity: 'se', dx: 10, dy: 10, opacity: 100, scalePercent: 0 };

describe('a watermark', () => {
  it.each([
    [panda, {}],
    [`image_${base64('logo')}`, {}],
    [`image_${Buffer.from('panda.png').toString('base64')}`, {}],
    [`${panda},t_50,g_nw,x_0,y_7`, { opacity: 50, gravity: 'nw', dx: 0, dy: 7 }],
    [`${panda},g_center,x_9,y_9,voffset_-30`, { gravity: 'c', dx: 0, dy: -30 }],
    [`${panda},g_north,x_9,y_9,voffset_-30`, { gravity: 'n', dx: 0, dy: 9 }],
    [`${panda},g_east,x_9,y_9`, { gravity: 'e', dx: 9, dy: 0 }],
    [`${panda},fill_0,P_30`, { scalePercent: 30 }],
    [`image_${base64('panda.png?x-oss-process=image/resize,P_30')}`, { scalePercent: 30 }],
  ])('%s', (params, changes) => {
    expect(stepsOf(params)).toEqual([{ ...own, ...changes }]);
  });

  it('lies inwards from its edge', () => {
    const parsed = parseProcess(`image/watermark,${panda},g_se,x_15,y_20`, settings);
    expect(resolved(parsed, { width: 400, height: 267 }).ops).toMatchObject([
      { op: 'watermark', left: 400 - 200 - 15, top: 267 - 100 - 20, width: 200, height: 100 },
    ]);
  });

  it('may stand more than once', () => {
    expect(parseProcess(`image/watermark,${panda}/watermark,${panda},g_nw`, settings).plan.steps).toHaveLength(2);
  });

  it.each([
    ['t_50', 'bad_value', 'MissingArgument'],
    [`image_${base64('other.png')}`, 'bad_value', 'WatermarkError'],
    [`image_${base64('__proto__')}`, 'bad_value', 'WatermarkError'],
    ['image_', 'bad_value', 'WatermarkError'],
    ['image__w', 'bad_value', 'WatermarkError'],
    ['image_a.b', 'bad_value', 'WatermarkError'],
    [`${panda},text_SGVsbG8`, 'operation_unsupported', 'NotImplemented'],
    ['text_SGVsbG8,type_d3F5LXplbmhlaQ', 'operation_unsupported', 'NotImplemented'],
    [`${panda},fill_1`, 'operation_unsupported', 'NotImplemented'],
    [`image_${base64('panda.png?x-oss-process=image/rotate,90')}`, 'operation_unsupported', 'NotImplemented'],
    [`image_${base64('panda.png?x-oss-process=image/resize,P_101')}`, 'bad_value', null],
    [`image_${base64('panda.png?x-oss-process=image/resize,P_30')},P_30`, 'bad_combination', null],
    [`${panda},t_101`, 'bad_value', null],
    [`${panda},x_4097`, 'bad_value', null],
    [`${panda},voffset_1001`, 'bad_value', null],
    [`${panda},g_nord`, 'bad_value', null],
    [`${panda},${panda}`, 'bad_operation', null],
    [`${panda},z_1`, 'bad_operation', null],
  ])('%s is refused as %s (%s)', (params, code, finer) => {
    const error = refusal(() => stepsOf(params));
    expect([error.code, finerCodeOf(error)]).toEqual([code, finer]);
  });
});

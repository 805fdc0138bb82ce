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
    [
      `${panda},fill_1,padx_5,g_nw`,
      { gravity: 'nw', dx: 0, dy: 0, tile: { x: { by: 'start', gap: 5 }, y: { by: 'start', gap: 0 } } },
    ],
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
    ['text_SGVsbG8,type_b3RoZXI', 'bad_value', 'WatermarkError'],
    ['text_SGVsbG8,type_bG9nbw', 'bad_value', 'WatermarkError'],
    [`text_${'QUFB'.repeat(17)}`, 'bad_value', 'WatermarkError'],
    ['text_', 'bad_value', 'WatermarkError'],
    ['text_SGVsbG8,color_12345', 'bad_value', null],
    ['text_SGVsbG8,size_1001', 'bad_value', null],
    ['text_SGVsbG8,rotate_361', 'bad_value', null],
    ['text_SGVsbG8,P_30', 'bad_operation', null],
    [`${panda},size_30`, 'bad_operation', null],
    [`${panda},padx_4097`, 'bad_value', null],
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

describe('a watermark of text', () => {
  const fonts = { 'wqy-zenhei': 'sans' };
  const textOf = (params: string) => parseProcess(`image/watermark,${params}`, { ...settings, fonts }).plan.steps;
  const hello = {
    op: 'text',
    text: 'Hello 水印',
    font: 'sans',
    size: 40,
    colour: '000000ff',
    gravity: 'se',
    dx: 10,
    dy: 10,
    opacity: 100,
  };
  const text = `text_${base64('Hello 水印')}`;

  it.each([
    [text, {}],
    [`${text},type_${base64('sans')},size_80,color_FF00aa`, { size: 80, colour: 'ff00aaff' }],
    [`${text},rotate_30,t_40,g_nw,x_0`, { degrees: 30, opacity: 40, gravity: 'nw', dx: 0 }],
    [`${text},rotate_360,shadow_50`, { shadow: { sigma: 1, opacity: 50, dx: 2, dy: 2 } }],
    [
      `${text},fill_1,padx_20,pady_30`,
      { gravity: 'nw', dx: 0, dy: 0, tile: { x: { by: 'start', gap: 20 }, y: { by: 'start', gap: 30 } } },
    ],
  ])('%s', (params, changes) => {
    expect(textOf(params)).toEqual([{ ...hello, ...changes }]);
  });

  it('needs the font to be registered', () => {
    const error = refusal(() => stepsOf(text));
    expect([error.code, finerCodeOf(error)]).toEqual(['bad_value', 'WatermarkError']);
  });
});

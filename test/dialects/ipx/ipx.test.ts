import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, closedUnlessOpened, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const ipx = new MountedGrammar('ipx');
const at = (modifiers: string) => `/x/${modifiers}/g/a.jpg`;
const plan = (modifiers: string, accept = '') => ipx.parse(at(modifiers), { accept }).plan;

it.each([
  ['_', 800, 600, '800x600'],
  ['w_300', 800, 600, '300x225'],
  ['w_300,h_100', 800, 600, '300x100'],
  ['s_300x100', 800, 600, '300x100'],
  ['s_300', 800, 600, '300x300'],
  ['w_1600', 800, 600, '800x600'],
  ['w_1600,enlarge', 800, 600, '1600x1200'],
  ['w_300,h_100,fit_inside', 800, 600, '133x100'],
  ['w_300,h_100,fit_outside', 800, 600, '300x225'],
  ['w_300,h_100,fit_fill', 800, 600, '300x100'],
  ['w_300,h_100,fit_contain', 800, 600, '300x100'],
  ['crop_10_20_300_200', 800, 600, '300x200'],
  ['rotate_90', 800, 600, '600x800'],
  ['extend_1_2_3_4_background', 800, 600, '806x604'],
  ['extend_1_2_3_4_mirror', 800, 600, '806x604'],
])('%s of %ix%i is %s', (modifiers, width, height, size) => {
  expect(ipx.sizeOf(at(modifiers), width, height)).toBe(size);
});

const trim = { op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false, median: true } as const;

describe('modifiers', () => {
  it('mean the same in any order, by either name and with any separator', () => {
    const expected = plan('w_80,h_60,fit_cover,pos_right-top,blur_3,q_50');
    expect(plan('quality=50&blur:3&position_5&fit_cover&height_60&width_80')).toEqual(expected);
    expect(plan('w_80%2Ch_60%2Cfit_cover%2Cpos_right-top%2Cblur_3%2Cq_50')).toEqual(expected);
    expect(expected.steps[0]).toMatchObject({ gravity: { kind: 'compass', at: 'ne' } });
  });

  it.each([
    ['flip,flop', [{ op: 'flip', horizontal: true, vertical: true }]],
    ['rotate_-45', [{ op: 'rotate', degrees: 315 }]],
    ['negate,grayscale', [{ op: 'negate' }, { op: 'grey' }]],
    ['gamma', [{ op: 'gamma', gamma: 2.2 }]],
    ['threshold_100', [{ op: 'bitonal', threshold: 100 }]],
    [
      'modulate_1.5_0.5_90',
      [
        { op: 'brightness', amount: 50 },
        { op: 'saturation', amount: -50 },
        { op: 'hue', degrees: 90 },
      ],
    ],
    [
      'sharpen_2,normalize,tint_red',
      [{ op: 'sharpen', sigma: 2 }, { op: 'normalise' }, { op: 'tint', colour: 'ff0000ff' }],
    ],
    ['negate,trim_20', [{ ...trim, threshold: 20 }, { op: 'negate' }]],
    ['trim', [trim]],
    ['kernel_cubic', []],
    ['enlarge_false', []],
  ])('%s', (modifiers, steps) => {
    expect(plan(modifiers).steps).toEqual(steps);
  });

  it('a kernel is that of the resize', () => {
    expect(plan('w_9,kernel_mitchell').steps).toMatchObject([{ op: 'resize', kernel: 'mitchell' }]);
    expect(plan('w_9,kernel_lanczos3').steps[0]).not.toHaveProperty('kernel');
  });

  it('formats, frames and colours', () => {
    expect(plan('_').encode).toEqual({ format: 'source' });
    expect(plan('f_webp,b_ff0000').encode).toEqual({ format: 'webp', background: 'ff0000ff' });
    expect(plan('f_auto', 'image/avif,image/webp').encode).toEqual({ format: 'auto', negotiated: 'avif' });
    expect(ipx.parse(at('f_auto')).negotiated).toBe('plain');
    expect(plan('_').decode.frames).toBe('first');
    expect(plan('animated').decode.frames).toBe('auto');
  });

  it.each([
    ['w_80,width_80', 'bad_operation'],
    ['constructor_1', 'bad_operation'],
    ['w', 'bad_value'],
    ['w_', 'bad_value'],
    ['w_1_2', 'bad_value'],
    ['w_ten', 'bad_value'],
    ['w_99999', 'bad_value'],
    ['w_5,s_5x5', 'bad_combination'],
    ['s_5x', 'bad_value'],
    ['fit_zoom', 'bad_value'],
    ['pos_here', 'bad_value'],
    ['q_0', 'bad_value'],
    ['f_docx', 'bad_value'],
    ['f_heif', 'operation_unsupported'],
    ['crop_1_2_3', 'bad_value'],
    ['crop_1_2_0_3', 'bad_value'],
    ['crop_1.5_2_3_3', 'bad_value'],
    ['extend_1_2_3', 'bad_value'],
    ['extend_1_2_3_4_nearest', 'bad_value'],
    ['extend_1_2_3_4_background_5', 'bad_value'],
    ['flip_maybe', 'bad_value'],
    ['modulate_3', 'bad_value'],
    ['b_nosuch', 'bad_value'],
    ['median_4', 'bad_value'],
    ['median_17', 'bad_value'],
    ['flatten_perhaps', 'bad_value'],
    ['trim_256', 'bad_value'],
    ['trim_1_2', 'bad_value'],
    ['w_9,kernel_best', 'bad_value'],
    ['%ff', 'bad_url'],
    ['', 'bad_url'],
  ])('%s is refused', (modifiers, code) => {
    expect(ipx.refusal(at(modifiers))).toBe(code);
  });
});

describe('sources', () => {
  it('are keys of the namespace, or name theirs', () => {
    expect(ipx.parse('/x/_/g/a%20b.jpg').source).toEqual({ ns: 'hotel', key: 'g/a b.jpg' });
    const free = new MountedGrammar('ipx', { namespace: null });
    expect(free.parse('/x/_/hotel/a.jpg').source).toEqual({ ns: 'hotel', key: 'a.jpg' });
    expect(free.refusal('/x/_/nowhere/a.jpg')).toBe('not_found');
  });

  it.each([
    ['/x/_/https://elsewhere.example/a.jpg', 'not_allowed'],
    ['/x/_/a.jpg?x', 'bad_url'],
    ['/x/_', 'bad_url'],
    ['/x/_/../a.jpg', 'bad_key'],
  ])('%s is refused', (url, code) => {
    expect(ipx.refusal(url)).toBe(code);
  });

  closedUnlessOpened('ipx', at('_'));
});

it.each([
  ['bad_value', 400],
  ['operation_unsupported', 400],
  ['source_not_found', 404],
  ['overloaded', 503],
] as const)('%s is %i', (code, status) => {
  const formatted = ipx.format(at('_'), code);
  expect(formatted?.status).toBe(status);
  expect(JSON.parse(formatted?.body ?? '')).toEqual({
    error: { message: expect.stringContaining(`[${status}] [${code.toUpperCase()}] `) },
  });
});

it('any text gives a plan or a client error, the same one each time', () => {
  const text = anyText(
    ...['w_80', ',', '&', 'fit', '_', 'crop_1_2_3_4', '/', '=', '1', '%', 'extend', 'a.jpg', 'gamma'],
  );
  fc.assert(
    fc.property(text, (tail) => givesPlanOrRefusal(() => ipx.parse(`/x/${tail}`))),
    { numRuns: 1500 },
  );
});

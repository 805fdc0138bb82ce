import { describe, expect, it } from 'vitest';
import { ask, made, refusalAt } from './scene.ts';

const picture = { width: 300, height: 200 };
const opsOf = (rotation: string, quality = 'default', format = 'png') =>
  made(`full/max/${rotation}/${quality}.${format}`, picture).ops;

describe('rotation', () => {
  it.each([
    ['0', []],
    ['360', []],
    ['0.0', []],
    ['90', [{ op: 'rotate', degrees: 90, background: 'ffffffff' }]],
    ['180', [{ op: 'flip', horizontal: true, vertical: true }]],
    ['!0', [{ op: 'flip', horizontal: true, vertical: false }]],
    ['22.5', [{ op: 'rotate', degrees: 22.5, background: '00000000' }]],
    [
      '!345',
      [
        { op: 'flip', horizontal: true, vertical: false },
        { op: 'rotate', degrees: 345, background: '00000000' },
      ],
    ],
  ])('%s is %j', (rotation, ops) => {
    expect(opsOf(rotation)).toEqual(ops);
  });

  it('leaves white corners where the format has no alpha', () => {
    expect(opsOf('45', 'default', 'jpg')).toEqual([{ op: 'rotate', degrees: 45, background: 'ffffffff' }]);
    expect(made('full/max/45/default.jpg', picture).encode.flatten).toBeNull();
  });

  it.each(['', '!', '-90', '+90', '361', '360.1', '90deg', '1e1', '!!90', '90!', 'NaN', '1.', '0.12345678901'])(
    '"%s" is refused',
    (rotation) => {
      expect(refusalAt(`/iiif/3/a.jpg/full/max/${rotation}/default.jpg`).code).toBe('bad_value');
    },
  );
});

describe('quality', () => {
  it.each([
    ['default', []],
    ['color', []],
    ['gray', [{ op: 'grey' }]],
    ['bitonal', [{ op: 'bitonal', threshold: 128 }]],
  ])('%s is %j', (quality, ops) => {
    expect(opsOf('0', quality)).toEqual(ops);
  });

  it.each(['', 'grey', 'native', 'Default', 'colour', 'default.x'])('"%s" is refused', (quality) => {
    expect(refusalAt(`/iiif/3/a.jpg/full/max/0/${quality}.jpg`).code).toBe('bad_value');
  });
});

describe('format', () => {
  it.each(['jpg', 'png', 'webp', 'tif', 'gif', 'avif'])('%s is written', (format) => {
    expect(made(`full/max/0/default.${format}`).encode.format).toBe(format);
  });

  it.each(['jp2', 'pdf', 'jpeg', 'tiff', 'JPG', 'json', 'auto', ''])('"%s" is refused', (format) => {
    expect(refusalAt(`/iiif/3/a.jpg/full/max/0/default.${format}`).code).toBe('bad_value');
  });

  it('has to be there', () => {
    expect(refusalAt('/iiif/3/a.jpg/full/max/0/default').code).toBe('bad_url');
  });
});

describe('a picture', () => {
  it('is made in the order of the API: region, size, mirror, rotation, quality', () => {
    const { ops } = made('50,0,200,200/100,/!90/gray.jpg', picture);
    expect(ops.map(({ op }) => op)).toEqual(['extract', 'resize', 'flip', 'rotate', 'grey']);
  });

  it('is the first frame of an animation, upright', () => {
    const { plan } = ask('/iiif/3/a.gif/full/max/0/default.gif');
    expect(plan.decode).toEqual({ orient: true, frames: 'first' });
    expect(made('full/max/45/default.gif', { format: 'gif', frames: 4 }).frames).toBe(1);
  });

  it('has its native path', () => {
    expect(ask('/iiif/3/g1%2Fa.jpg/square/100,/90/gray.png').canonicalPath).toBe(
      '/hotel/g1/a.jpg/~fr_0,c_sq,w_100,up_3,rt_90,gr_1.png',
    );
    expect(ask('/iiif/3/a.jpg/pct:1.111,0,50,50/100,/0/default.png').canonicalPath).toBe(
      '/hotel/a.jpg/~fr_0,cp_111.1_0_5000_5000,w_100,up_3.png',
    );
    expect(ask('/iiif/3/a.jpg/full/100,/22.5/default.png').canonicalPath).toBe(
      '/hotel/a.jpg/~fr_0,w_100,up_3,rt_22.5,bg_00000000.png',
    );
  });
});

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import { noDetails } from '../../../src/plan/header/details.ts';
import type { Header } from '../../../src/plan/header.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { refusal } from '../native/sample-config.ts';
import { ask, configWith, nowS } from './kit.ts';

const infoOf = (options: string, settings = {}) =>
  ask(`/info/unsafe/${options === '' ? '' : `${options}/`}plain/local:///a.png`, configWith(settings));
const membersOf = (options: string) => infoOf(options).plan.report?.args.members;

describe('/info', () => {
  it('tells what the file says, and decodes nothing', () => {
    const { plan, source } = infoOf('');
    expect(source).toEqual({ ns: 'local', key: 'a.png' });
    expect(plan.view).toBe('info');
    expect(plan.report).toEqual({
      as: 'imgproxy/info',
      args: { members: 'size format dimensions exif iptc xmp', location: false },
      details: true,
    });
  });

  it.each([
    ['exif:0/iptc:0/xmp:0', 'size format dimensions'],
    ['exif:1:1/iptc:0/xmp:0', 'size format dimensions exif'],
    ['s:0/f:0/d:0/exif:0/iptc:0/xmp:0/b:1', 'bands'],
    ['colorspace:1/sf:1/pn:1/a:1', 'size format dimensions exif iptc xmp colorspace sample_format pages_number alpha'],
  ])('%s', (options, members) => {
    expect(membersOf(options)).toBe(members);
  });

  it('reads the whole file only for what stands in it', () => {
    expect(infoOf('exif:0/iptc:0/xmp:0').plan.report).not.toHaveProperty('details');
  });

  it.each([
    ['avg:1', { average: true }],
    ['p:8', { palette: 8 }],
    ['dc:1', { dominant: true }],
    ['bh:4:3', { blurhash: { x: 4, y: 3 } }],
    ['thumb_hash:1/perceptual_hash:1', { thumbhash: true, perceptual: true }],
    ['a:1:1', { transparency: true }],
    ['chs:sha256:md5', { hashsums: ['md5', 'sha256'] }],
  ])('%s is measured', (options, measures) => {
    expect(infoOf(options).plan).toMatchObject({ view: 'measured', measures });
  });

  it.each([
    ['avg:1/avg:0'],
    ['p:8/p:0'],
    ['bh:4:3/bh:0:0'],
    ['thumb_hash:1/thumb_hash:0'],
    ['a:1:1/a:0'],
    ['dc:1/dc:0'],
  ])('%s is measured no more', (options) => {
    expect(infoOf(options).plan.view).toBe('info');
  });

  it.each([
    ['w:5', 'bad_url'],
    ['p:1', 'bad_url'],
    ['p:257', 'bad_url'],
    ['bh:4', 'bad_url'],
    ['bh:10:3', 'bad_url'],
    ['bh:4:0', 'bad_url'],
    ['chs', 'bad_url'],
    ['chs:md5:crc', 'bad_url'],
    ['dc:1:1', 'operation_unsupported'],
    [`exp:${nowS - 1}`, 'signature_expired'],
  ])('%s is %s', (options, code) => {
    // `chs` alone has no separator, so it would be the source.
    expect(refusal(() => infoOf(options === 'chs' ? 'chs:' : options)).code).toBe(code);
  });

  it('is signed as pictures are', () => {
    const settings = { keys: ['00'], salts: ['01'] };
    const path = '/bands:1/plain/local:///a.png';
    const mac = createHmac('sha256', Buffer.from('00', 'hex')).update(Buffer.from('01', 'hex')).update(path);
    const signature = mac.digest().toString('base64url');
    expect(ask(`/info/${signature}${path}`, configWith(settings)).signed).toBe(true);
    expect(refusal(() => ask(`/info/unsafe${path}`, configWith(settings))).code).toBe('signature_invalid');
  });

  it('is for those who let it be', () => {
    expect(refusal(() => infoOf('', { info: false })).code).toBe('bad_url');
    expect(refusal(() => infoOf('', { onlyPresets: true })).code).toBe('bad_url');
    expect(refusal(() => infoOf('b:1', { allowedInfoOptions: ['size'] })).code).toBe('bad_url');
    expect(infoOf('').answer.headers).toMatchObject({ 'cache-control': 'max-age=31536000, public' });
    expect(infoOf(`exp:${nowS + 60}`).expiresAtS).toBe(nowS + 60);
  });
});

describe('the body', () => {
  const facts = (header: Partial<Header> = {}) => ({
    version: 'v1',
    bytes: 1234,
    header: makeHeader(header),
    modifiedMs: null,
  });
  const write = reportWriter('imgproxy/info');
  const exif = [
    { group: 'image', name: 'Make', type: 2, value: 'Tin' },
    { group: 'gps', name: 'GPSLatitudeRef', type: 2, value: 'N' },
  ] as const;

  it('has the members in their order', () => {
    const members = 'size format dimensions colorspace bands sample_format pages_number alpha';
    const { contentType, body } = write(facts({ orientation: 6, alpha: true }), { members });
    expect(contentType).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      size: 1234,
      format: 'jpeg',
      mime_type: 'image/jpeg',
      width: 600,
      height: 1000,
      orientation: 6,
      colorspace: 'srgb',
      bands: 4,
      sample_format: 'uchar',
      pages_number: 1,
      alpha: { alpha: true },
    });
  });

  it.each([
    [{ space: 'grey' }, ['b-w', 1, 'uchar']],
    [{ space: 'grey', bitsPerChannel: 16 }, ['grey16', 1, 'ushort']],
    [{ bitsPerChannel: 16 }, ['rgb16', 3, 'ushort']],
    [{ space: 'cmyk' }, ['cmyk', 4, 'uchar']],
    [{ space: 'other', bitsPerChannel: 32 }, ['multiband', 3, 'float']],
  ] as const)('%j', (header, wanted) => {
    const said = JSON.parse(write(facts(header), { members: 'colorspace bands sample_format' }).body);
    expect([said.colorspace, said.bands, said.sample_format]).toEqual(wanted);
  });

  it('tells the place only where the mount says so', () => {
    const told = (location: boolean) =>
      JSON.parse(write(facts(), { members: 'exif', location }, { ...noDetails, exif }).body).exif;
    expect(told(false)).toEqual({ Make: 'Tin' });
    expect(told(true)).toEqual({ Make: 'Tin', GPSLatitudeRef: 'N' });
  });

  it('tells IPTC and XMP', () => {
    const iptc = [
      { name: 'Caption', values: ['A box'] },
      { name: 'Keywords', values: ['tin', 'box'] },
    ];
    const said = JSON.parse(write(facts(), { members: 'iptc xmp' }, { ...noDetails, iptc, xmp: '<x/>' }).body);
    expect(said).toEqual({ iptc: { Caption: 'A box', Keywords: ['tin', 'box'] }, xmp: '<x/>' });
  });

  it('has what was measured in its words', () => {
    const colour = { r: 1, g: 2, b: 3, a: 255 };
    const said = JSON.parse(
      write(facts(), { members: 'alpha' }, noDetails, {
        average: colour,
        palette: [colour],
        dominant: { muted: colour },
        blurhash: 'b',
        thumbhash: 't',
        perceptual: 'p',
        transparency: false,
        hashsums: { md5: 'm' },
      }).body,
    );
    const shown = { R: 1, G: 2, B: 3, A: 255 };
    expect(said).toEqual({
      alpha: { alpha: false, transparency: false },
      palette: [shown],
      average: shown,
      dominant_colors: { muted: shown },
      blurhash: 'b',
      thumb_hash: 't',
      perceptual_hash: 'p',
      hashsums: { md5: 'm' },
    });
  });
});

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
      args: { members: 'size format dimensions exif iptc xmp', location: false, canonicalNames: false },
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
    ['avg:1:1', { average: true }],
    ['avg:1:0', { average: 'all' }],
    ['p:8', { palette: 8 }],
    ['dc:1', { dominant: true }],
    ['dc:1:1', { dominant: 'built' }],
    ['bh:4:3', { blurhash: { x: 4, y: 3 } }],
    ['thumb_hash:1/perceptual_hash:1', { thumbhash: true, perceptual: true }],
    ['th:1/ph:1', { thumbhash: true, perceptual: true }],
    ['phash:1', { perceptual: true }],
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
    [`hs:md5:${'0'.repeat(32)}/hs:none`],
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
    ['c:1:1:sm', 'operation_unsupported'],
    ['c:1:1:up', 'bad_url'],
    ['c:-1:1', 'bad_url'],
    ['pg:-1', 'bad_url'],
    ['hs:crc:00', 'bad_url'],
    ['hs:md5:00', 'bad_url'],
    [`hs:md5:${'g'.repeat(32)}`, 'bad_url'],
    ['pr:none', 'preset_not_found'],
    ['msr:5', 'not_allowed'],
    ['msfs:5', 'not_allowed'],
    [`exp:${nowS - 1}`, 'signature_expired'],
  ])('%s is %s', (options, code) => {
    // `chs` alone has no separator, so it would be the source.
    expect(refusal(() => infoOf(options === 'chs' ? 'chs:' : options)).code).toBe(code);
  });

  it("the sum that the file must have is the plan's own, beside those that are told", () => {
    const { plan } = infoOf(`chs:sha1/hs:md5:${'AB'.repeat(16)}`);
    expect(plan).toMatchObject({ view: 'measured', expects: { hash: 'md5', hex: 'ab'.repeat(16) } });
    expect(plan.measures).toEqual({ hashsums: ['sha1'] });
    expect(plan.report).toEqual(infoOf('chs:sha1').plan.report);
  });

  it('a sum that the file must have measures nothing', () => {
    const { plan } = infoOf(`hs:sha1:${'AB'.repeat(20)}`);
    expect(plan).toEqual({ ...infoOf('').plan, expects: { hash: 'sha1', hex: 'ab'.repeat(20) } });
    expect(infoOf(`hs:sha1:${'AB'.repeat(20)}/hs:none`).plan).toEqual(infoOf('').plan);
  });

  it('a page is that which is measured', () => {
    expect(infoOf('pg:3/avg:1').plan.decode.frames).toBe(3);
    expect(infoOf('pg:0/avg:1').plan.decode.frames).toBe('first');
  });

  it('videos are no sources, so that nothing is told of them', () => {
    expect(infoOf('vm:1').plan).toEqual(infoOf('').plan);
  });

  describe('presets', () => {
    const infoPresets = { default: 'exif:0', short: 'iptc:0/pr:deep', deep: 'xmp:0/pr:short', colours: 'avg:1' };

    it('are its own, and may name one another', () => {
      const { plan, presets } = ask(
        '/info/unsafe/pr:short:colours/plain/local:///a.png',
        configWith({ infoPresets, presets: { short: 'w:5' } }),
      );
      expect(plan.report?.args.members).toBe('size format dimensions');
      expect(plan.measures).toEqual({ average: true });
      expect(presets).toEqual(['default', 'short', 'deep', 'colours']);
      expect(refusal(() => infoOf('pr:short', { presets: { short: 'b:1' } })).code).toBe('preset_not_found');
    });

    it('may use what URLs may not', () => {
      const settings = { infoPresets: { b: 'bands:1' }, allowedInfoOptions: ['pr'] };
      expect(infoOf('pr:b', settings).plan.report?.args.members).toContain('bands');
      expect(refusal(() => infoOf('bands:1', settings)).code).toBe('bad_url');
    });

    it('may be all that there is', () => {
      const settings = { infoPresets, infoOnlyPresets: true, onlyPresets: true };
      expect(ask('/info/unsafe/short:colours/plain/local:///a.png', configWith(settings)).plan).toEqual(
        infoOf('pr:short:colours', { infoPresets }).plan,
      );
      expect(refusal(() => infoOf('avg:1', settings)).code).toBe('preset_not_found');
    });
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
    expect(infoOf('b:1', { onlyPresets: true }).plan).toEqual(infoOf('b:1').plan);
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
    expect(told(false)).toEqual({ Manufacturer: 'Tin' });
    expect(told(true)).toEqual({ Manufacturer: 'Tin', 'North or South Latitude': 'N' });
  });

  it('has names for people, or those of the standard', () => {
    const fields = [...exif, { group: 'photo', name: 'ApertureValue', type: 5, value: '8/1' }] as const;
    const told = (canonicalNames: boolean) =>
      JSON.parse(write(facts(), { members: 'exif', canonicalNames }, { ...noDetails, exif: fields }).body).exif;
    expect(told(false)).toEqual({ Manufacturer: 'Tin', Aperture: '8/1' });
    expect(told(true)).toEqual({ Make: 'Tin', ApertureValue: '8/1' });
  });

  it('tells IPTC, and beside it what Photoshop says of the resolution', () => {
    const iptc = [
      { name: 'ObjectName', values: ['Box'] },
      { name: 'Caption', values: ['A box'] },
      { name: 'Keywords', values: ['tin', 'box'] },
    ];
    const axis = { value: 240, unit: 'inches', shownIn: 'cm' } as const;
    const told = (resolution: typeof noDetails.resolution) =>
      JSON.parse(write(facts(), { members: 'iptc' }, { ...noDetails, iptc, resolution }).body);
    const fields = { Name: 'Box', Caption: 'A box', Keywords: ['tin', 'box'] };
    expect(told(null)).toEqual({ iptc: fields });
    expect(told({ x: axis, y: { ...axis, value: 72.5, unit: 'cm' } })).toEqual({
      iptc: fields,
      photoshop: {
        resolution: {
          XResolution: 240,
          XResolutionUnit: 'inches',
          WidthUnit: 'cm',
          YResolution: 72.5,
          YResolutionUnit: 'cm',
          HeightUnit: 'cm',
        },
      },
    });
  });

  it('tells XMP by prefixes, without the place, and leaves out what cannot be read', () => {
    const xmp = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://dc/"
      xmlns:exif="http://exif/" exif:GPSLatitude="46,30N" exif:Flash="0"><dc:subject><rdf:Bag><rdf:li>tin</rdf:li>
      <rdf:li exif:GPSLatitude="46,30N" dc:city="Odesa"/></rdf:Bag></dc:subject></rdf:Description></rdf:RDF>`;
    const told = (packet: string | null, location = false) =>
      JSON.parse(write(facts(), { members: 'xmp', location }, { ...noDetails, xmp: packet }).body);
    expect(told(xmp)).toEqual({ xmp: { dc: { subject: ['tin', { city: 'Odesa' }] }, exif: { Flash: '0' } } });
    expect(told(xmp, true).xmp.exif).toEqual({ Flash: '0', GPSLatitude: '46,30N' });
    expect(told('<x>')).toEqual({});
    expect(told(null)).toEqual({});
  });

  it.each([
    ['c:500:300', {}, { left: 0.25, top: 0.25, width: 0.5, height: 0.5 }],
    ['c:0.5:0.5:nowe', {}, { left: 0, top: 0, width: 0.5, height: 0.5 }],
    ['c:300:500:soea', { orientation: 6 }, { left: 0.5, top: 0.5, width: 0.5, height: 0.5 }],
    ['c:5000:5000', {}, { left: 0, top: 0, width: 1, height: 1 }],
    ['c:500:0', {}, undefined],
  ] as const)('%s of %j', (options, header, crop) => {
    const { args = {} } = infoOf(options).plan.report ?? {};
    expect(JSON.parse(write(facts(header), args).body).crop).toEqual(crop);
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
      dominant_colors: { muted: { R: 1, G: 2, B: 3 } },
      blurhash: 'b',
      thumb_hash: 't',
      perceptual_hash: 'p',
      hashsums: { md5: 'm' },
    });
  });
});

import type { SourceFormat } from '../header.ts';
import { sniffSvg } from './svg.ts';

/** What the first bytes are. Names and content types are never asked: origins lie about both. */
export type Sniffed =
  /** A format whose header is read here. */
  | Readonly<{ kind: 'format'; format: SourceFormat }>
  /** A picture that pileus does not decode. */
  | Readonly<{ kind: 'picture'; name: string }>
  | Readonly<{ kind: 'other' }>
  /** Too few bytes to tell. */
  | Readonly<{ kind: 'unclear' }>;

/** The format by its magic bytes. Pure and constant in time: it looks at 4 kB at most. */
export const sniffFormat = (bytes: Uint8Array): Sniffed => {
  const head = String.fromCharCode(...bytes.subarray(0, magicBytesMax));
  const found = magics.find(({ at, any }) => any.some((text) => head.startsWith(text, at)));
  if (found !== undefined) return found.sniffed;
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return format('webp');
  const svg = sniffSvg(bytes);
  if (svg === true) return format('svg');
  return svg === null || bytes.length < magicBytesMax ? { kind: 'unclear' } : { kind: 'other' };
};

const magicBytesMax = 32;

type Magic = Readonly<{ at: number; any: readonly string[]; sniffed: Sniffed }>;

const format = (name: SourceFormat): Sniffed => ({ kind: 'format', format: name });
const picture = (name: string, ...any: readonly string[]): Magic => ({
  at: 0,
  any,
  sniffed: { kind: 'picture', name },
});

const ftyp = (...brands: readonly string[]): readonly string[] => brands.map((brand) => `ftyp${brand}`);

const pnm = ['1', '2', '3', '4', '5', '6', '7'].flatMap((kind) => [
  `P${kind}\n`,
  `P${kind} `,
  `P${kind}\r`,
  `P${kind}#`,
]);

/** One character a byte; the first entry that fits decides. */
const magics: readonly Magic[] = [
  { at: 0, any: ['\xff\xd8'], sniffed: format('jpeg') },
  { at: 0, any: ['\x89PNG\r\n\x1a\n'], sniffed: format('png') },
  { at: 0, any: ['GIF8'], sniffed: format('gif') },
  { at: 0, any: ['BM'], sniffed: format('bmp') },
  { at: 0, any: ['\0\0\x01\0'], sniffed: format('ico') },
  { at: 0, any: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'], sniffed: format('tiff') },
  // The brands that libvips opens. Whether it can decode them depends on the codec of the primary item.
  {
    at: 4,
    any: ftyp('avif', 'mif1', 'msf1', 'heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'),
    sniffed: format('avif'),
  },
  { at: 4, any: ftyp('avis'), sniffed: { kind: 'picture', name: 'AVIF sequence' } },
  {
    at: 4,
    any: ftyp('mif2', 'mif3', 'avci', 'avcs', 'jpeg', 'jpgs', 'j2ki', 'j2is', 'vvic', 'vvis', 'evbi'),
    sniffed: { kind: 'picture', name: 'HEIF' },
  },
  { at: 4, any: ftyp('crx '), sniffed: { kind: 'picture', name: 'Camera raw' } },
  picture('Compressed SVG', '\x1f\x8b'),
  picture('CUR', '\0\0\x02\0'),
  picture('PSD', '8BPS'),
  picture('JPEG XL', '\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n'),
  picture('JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'),
  picture('JPEG XR', 'II\xbc'),
  picture('PNM', ...pnm),
  picture('Radiance HDR', '#?RADIANCE', '#?RGBE'),
  picture('OpenEXR', 'v/1\x01'),
  picture('FITS', 'SIMPLE  ='),
  picture('QOI', 'qoif'),
  picture('DDS', 'DDS '),
  picture('BLP', 'BLP1', 'BLP2'),
  picture('BPG', 'BPG\xfb'),
  picture('FLIF', 'FLIF'),
  picture('XCF', 'gimp xcf'),
  picture('ICNS', 'icns'),
  picture('SGI', '\x01\xda\0\x01', '\x01\xda\0\x02', '\x01\xda\x01\x01', '\x01\xda\x01\x02'),
  picture('PCX', '\x0a\0\x01', '\x0a\x02\x01', '\x0a\x03\x01', '\x0a\x04\x01', '\x0a\x05\x01'),
  picture('MNG', '\x8aMNG\r\n\x1a\n', '\x8bJNG\r\n\x1a\n'),
  picture('DjVu', 'AT&TFORM'),
  picture('MSP', 'DanM', 'LinS'),
  picture('WMF', '\xd7\xcd\xc6\x9a'),
];

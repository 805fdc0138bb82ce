import { type Details, noDetails } from '../../plan/header/details.ts';
import type { PhotoshopResolution } from '../../plan/header/photoshop-resources.ts';
import { readXmp, type XmpFields, type XmpValue } from '../../plan/header/xmp-fields.ts';
import type { Header, SourceFacts, SourceFormat } from '../../plan/header.ts';
import { orientedSize } from '../../plan/header.ts';
import type { Measured, MeasuredColour } from '../../plan/measured.ts';
import type { ReportWriter } from '../dialect.ts';
import { withoutPlace } from '../exif-report.ts';
import type { HeaderMember } from './info.ts';
import { cropShares } from './info-crop.ts';
import { exifTitle, iptcTitle } from './metadata-titles.ts';

const formats: Readonly<Partial<Record<SourceFormat, readonly [name: string, type: string]>>> = {
  svg: ['svg', 'image/svg+xml'],
};

/** The body of `/info`: members as imgproxy names them; dimensions as a viewer sees the picture. */
export const infoReport: ReportWriter = (facts, args, details = noDetails, measured = {}) => {
  const said: Record<string, unknown> = {};
  const wish: Wish = { location: args.location === true, canonicalNames: args.canonicalNames === true };
  for (const member of String(args.members).split(' ')) {
    // The words are those that `infoPlan` joined.
    if (member !== '') Object.assign(said, writers[member as HeaderMember](facts, details, wish));
  }
  if (typeof args.crop === 'string') said.crop = cropShares(args.crop, facts);
  return {
    contentType: 'application/json',
    extension: 'json',
    body: JSON.stringify({ ...said, ...measuredMembers(facts.header, measured) }),
  };
};

type Wish = Readonly<{
  /** Tell where the picture was taken. */
  location: boolean;
  canonicalNames: boolean;
}>;

type Write = (facts: SourceFacts, details: Details, wish: Wish) => Readonly<Record<string, unknown>>;

const writers: Readonly<Record<HeaderMember, Write>> = {
  size: ({ bytes }) => ({ size: bytes }),
  format: ({ header }) => {
    const [format, type] = formats[header.format] ?? [header.format, `image/${header.format}`];
    return { format, mime_type: type };
  },
  dimensions: ({ header }) => ({ ...orientedSize(header, true), orientation: header.orientation }),
  exif: (_facts, { exif }, { location, canonicalNames }) => {
    const fields = location ? exif : withoutPlace(exif);
    return {
      exif: Object.fromEntries(fields.map(({ name, value }) => [canonicalNames ? name : exifTitle(name), value])),
    };
  },
  iptc: (_facts, { iptc, resolution }) => ({
    iptc: Object.fromEntries(
      iptc.map(({ name, values }) => [iptcTitle(name), name === 'Keywords' ? values : values.join('; ')]),
    ),
    ...(resolution === null ? {} : { photoshop: { resolution: photoshopMembers(resolution) } }),
  }),
  xmp: (_facts, { xmp }, { location }) => {
    const fields = xmp === null ? null : readXmp(xmp);
    return fields === null ? {} : { xmp: location ? fields : withoutCoordinates(fields) };
  },
  colorspace: ({ header }) => ({ colorspace: colourSpace(header) }),
  bands: ({ header }) => ({ bands: bandsOf(header) }),
  sample_format: ({ header }) => ({ sample_format: sampleFormat(header) }),
  pages_number: ({ header }) => ({ pages_number: header.frames }),
  alpha: ({ header }) => ({ alpha: { alpha: header.alpha } }),
};

const photoshopMembers = ({ x, y }: PhotoshopResolution) => ({
  XResolution: x.value,
  XResolutionUnit: x.unit,
  WidthUnit: x.shownIn,
  YResolution: y.value,
  YResolutionUnit: y.unit,
  HeightUnit: y.shownIn,
});

/** XMP repeats EXIF's fields of the place under their own names, also within structures. */
function withoutCoordinates<Value extends XmpValue | XmpFields>(value: Value): Value;
function withoutCoordinates(value: XmpValue | XmpFields): XmpValue | XmpFields {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item: XmpValue) => withoutCoordinates(item));
  const told = Object.entries(value).filter(([name]) => !name.startsWith('GPS'));
  return Object.fromEntries(told.map(([name, inner]) => [name, withoutCoordinates(inner)]));
}

const isDeep = ({ bitsPerChannel }: Header): boolean => bitsPerChannel > 8;

/** libvips' words, which imgproxy uses. */
function colourSpace(header: Header): string {
  switch (header.space) {
    case 'grey':
      return isDeep(header) ? 'grey16' : 'b-w';
    case 'cmyk':
      return 'cmyk';
    case 'rgb':
      return isDeep(header) ? 'rgb16' : 'srgb';
    case 'other':
      return 'multiband';
  }
}

const bandsOf = ({ space, alpha }: Header): number =>
  (space === 'grey' ? 1 : space === 'cmyk' ? 4 : 3) + (alpha ? 1 : 0);

const sampleFormat = ({ bitsPerChannel }: Header): string =>
  bitsPerChannel <= 8 ? 'uchar' : bitsPerChannel <= 16 ? 'ushort' : 'float';

function measuredMembers(header: Header, measured: Measured): Readonly<Record<string, unknown>> {
  const { average, palette, dominant, transparency } = measured;
  const members = {
    alpha: transparency === undefined ? undefined : { alpha: header.alpha, transparency },
    palette: palette?.map(colourOf),
    average: average && colourOf(average),
    dominant_colors:
      dominant && Object.fromEntries(Object.entries(dominant).map(([kind, colour]) => [kind, opaqueOf(colour)])),
    blurhash: measured.blurhash,
    thumb_hash: measured.thumbhash,
    perceptual_hash: measured.perceptual,
    hashsums: measured.hashsums,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const opaqueOf = ({ r, g, b }: MeasuredColour) => ({ R: r, G: g, B: b });

const colourOf = ({ r, g, b, a }: MeasuredColour) => ({ R: r, G: g, B: b, A: a });

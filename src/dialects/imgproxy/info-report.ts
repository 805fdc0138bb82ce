import { type Details, noDetails } from '../../plan/header/details.ts';
import type { Header, SourceFacts, SourceFormat } from '../../plan/header.ts';
import { orientedSize } from '../../plan/header.ts';
import type { Measured, MeasuredColour } from '../../plan/measured.ts';
import type { ReportWriter } from '../dialect.ts';
import { withoutPlace } from '../exif-report.ts';
import type { HeaderMember } from './info.ts';

const formats: Readonly<Partial<Record<SourceFormat, readonly [name: string, type: string]>>> = {
  svg: ['svg', 'image/svg+xml'],
};

/** The body of `/info`: members as imgproxy names them; dimensions as a viewer sees the picture. */
export const infoReport: ReportWriter = (facts, args, details = noDetails, measured = {}) => {
  const said: Record<string, unknown> = {};
  for (const member of String(args.members).split(' ')) {
    // The words are those that `infoPlan` joined.
    if (member !== '') Object.assign(said, writers[member as HeaderMember](facts, details, args.location === true));
  }
  return {
    contentType: 'application/json',
    extension: 'json',
    body: JSON.stringify({ ...said, ...measuredMembers(facts.header, measured) }),
  };
};

type Write = (facts: SourceFacts, details: Details, location: boolean) => Readonly<Record<string, unknown>>;

const writers: Readonly<Record<HeaderMember, Write>> = {
  size: ({ bytes }) => ({ size: bytes }),
  format: ({ header }) => {
    const [format, type] = formats[header.format] ?? [header.format, `image/${header.format}`];
    return { format, mime_type: type };
  },
  dimensions: ({ header }) => ({ ...orientedSize(header, true), orientation: header.orientation }),
  exif: (_facts, { exif }, location) => {
    const fields = location ? exif : withoutPlace(exif);
    return { exif: Object.fromEntries(fields.map(({ name, value }) => [name, value])) };
  },
  iptc: (_facts, { iptc }) => ({
    iptc: Object.fromEntries(iptc.map(({ name, values }) => [name, name === 'Keywords' ? values : values.join('; ')])),
  }),
  xmp: (_facts, { xmp }) => ({ xmp }),
  colorspace: ({ header }) => ({ colorspace: colourSpace(header) }),
  bands: ({ header }) => ({ bands: bandsOf(header) }),
  sample_format: ({ header }) => ({ sample_format: sampleFormat(header) }),
  pages_number: ({ header }) => ({ pages_number: header.frames }),
  alpha: ({ header }) => ({ alpha: { alpha: header.alpha } }),
};

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
      dominant && Object.fromEntries(Object.entries(dominant).map(([kind, colour]) => [kind, colourOf(colour)])),
    blurhash: measured.blurhash,
    thumb_hash: measured.thumbhash,
    perceptual_hash: measured.perceptual,
    hashsums: measured.hashsums,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const colourOf = ({ r, g, b, a }: MeasuredColour) => ({ R: r, G: g, B: b, A: a });

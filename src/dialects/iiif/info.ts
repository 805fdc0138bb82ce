import { orientedSize } from '../../plan/header.ts';
import type { ReportWriter } from '../dialect.ts';
import { profileUri } from './links.ts';
import { jsonLdType, jsonType } from './media-type.ts';
import { pyramidOf } from './pyramid.ts';
import { extraFormats } from './quality.ts';

/** What info.json says beside the source's own facts. */
export type InfoArgs = Readonly<{
  /** The base URI. */
  id: string;
  version: 2 | 3;
  jsonLd: boolean;
  sideMax: number;
  areaMax: number;
  upscaling: boolean;
  tileWidth: number;
  tileHeight: number;
}>;

/** info.json (section 5). The size is that of the picture upright, on which regions are cut. */
export const writeInfo: ReportWriter = ({ header }, given) => {
  const args = given as InfoArgs;
  const size = orientedSize(header, true);
  const { sizes, tiles } = pyramidOf(size, args);
  const body = {
    '@context': contextUri(args.version),
    ...(args.version === 3 ? { id: args.id, type: 'ImageService3' } : { '@id': args.id, '@type': 'iiif:Image' }),
    protocol: 'http://iiif.io/api/image',
    ...(args.version === 3 ? { profile: 'level2' } : {}),
    ...size,
    ...(args.version === 3 ? limitsIn(args) : {}),
    ...(sizes.length > 0 ? { sizes } : {}),
    ...(tiles.length > 0 ? { tiles } : {}),
    ...(args.version === 3 ? extras3(args, header.space === 'grey') : { profile: profile2(args) }),
  };
  return { contentType: contentTypeOf(args), extension: 'json', body: `${JSON.stringify(body, null, 2)}\n` };
};

const contextUri = (version: 2 | 3): string => `http://iiif.io/api/image/${version}/context.json`;

function contentTypeOf({ jsonLd, version }: InfoArgs): string {
  if (!jsonLd) return jsonType;
  return version === 3 ? `${jsonLdType};profile="${contextUri(version)}"` : jsonLdType;
}

const limitsIn = ({ sideMax, areaMax }: InfoArgs) => ({ maxWidth: sideMax, maxHeight: sideMax, maxArea: areaMax });

/** Beyond level 2 of version 3. A grey picture has no `color` to name (section 4.4). */
const extras3 = ({ upscaling }: InfoArgs, isGrey: boolean) => ({
  extraQualities: isGrey ? ['gray', 'bitonal'] : ['color', 'gray', 'bitonal'],
  extraFormats,
  extraFeatures: [...features, ...(upscaling ? ['sizeUpscaling'] : [])],
});

const features = ['mirroring', 'profileLinkHeader', 'rotationArbitrary'] as const;

/** Version 2 lists what goes beyond level 2 in a profile of its own. */
const profile2 = (args: InfoArgs): readonly unknown[] => [
  profileUri(2),
  {
    formats: extraFormats,
    supports: [...features, 'regionSquare', ...(args.upscaling ? ['sizeAboveFull'] : [])],
    ...limitsIn(args),
  },
];

import type { EncodeWish, MetadataPolicy, Negotiated } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { cssColour, hexColour } from '../css-colours.ts';
import { badValue } from '../native/values.ts';
import { negotiatedFormat } from '../negotiated-format.ts';
import { readWhole } from '../read-number.ts';
import type { Options } from './options.ts';

const metadata: ReadonlyMap<string, MetadataPolicy> = new Map([
  ['keep', 'all'],
  ['copyright', 'copyright'],
  ['none', 'none'],
]);

/** How the result is written, and whether Accept had a say in it. */
export function encodeOf(
  options: Options,
  accept: string,
  defaultQuality: number,
): Readonly<{ encode: EncodeWish; negotiated: Negotiated | null }> {
  const { format, negotiated, baseline } = formatOf(options.get('format'), accept);
  const background = options.get('background');
  const kept = options.get('metadata') ?? 'copyright';
  const policy = metadata.get(kept);
  if (policy === undefined) throw badValue('metadata', 'keep, copyright or none', kept);
  if (!['fast', undefined].includes(options.get('compression'))) {
    throw badValue('compression', 'fast', options.get('compression') ?? '');
  }
  return {
    encode: {
      format,
      ...(negotiated === null ? {} : { negotiated }),
      quality: { kind: 'absolute', value: qualityOf(options.get('quality'), defaultQuality) },
      metadata: policy,
      ...(baseline ? { progressive: false } : {}),
      ...(background === undefined ? {} : { background: colourOf(background) }),
    },
    negotiated,
  };
}

function formatOf(
  raw: string | undefined,
  accept: string,
): Readonly<{ format: EncodeWish['format']; negotiated: Negotiated | null; baseline: boolean }> {
  const plain = (format: EncodeWish['format'], baseline = false) => ({ format, negotiated: null, baseline });
  switch (raw) {
    case undefined:
    case 'json':
      return plain('source');
    case 'auto':
      return { ...negotiatedFormat(accept, ['webp', 'avif'], 'source'), baseline: false };
    case 'avif':
    case 'webp':
      return plain(raw);
    case 'jpeg':
      return plain('jpg');
    case 'baseline-jpeg':
      return plain('jpg', true);
    default:
      throw badValue('format', 'auto, avif, webp, jpeg, baseline-jpeg or json', raw);
  }
}

function qualityOf(raw: string | undefined, fallback: number): number {
  if (raw === undefined) return fallback;
  if (['high', 'medium-high', 'medium-low', 'low'].includes(raw)) {
    throw new PileusError('operation_unsupported', { detail: `quality=${raw}: a quality is a number here.` });
  }
  return readWhole(raw, 'quality', 1, 100);
}

function colourOf(raw: string): string {
  const colour = raw.startsWith('#') ? hexColour(raw.slice(1)) : cssColour(raw);
  if (colour === null) throw badValue('background', 'a colour by its CSS name or #rrggbb', raw);
  return colour;
}

import type { EncodeWish, Negotiated } from '../../plan/plan.ts';
import { formatNames } from '../format-names.ts';
import { badValue } from '../native/values.ts';
import { negotiatedFormat } from '../negotiated-format.ts';
import { readWhole } from '../read-number.ts';
import { flag, type Params, unsupported } from './params.ts';
import type { ImaginarySettings } from './settings.ts';

/** zlib's level that imaginary has where the URL names none. */
const standardCompression = '6';

/** How a result is written, and whether Accept had a say in it. Throws bad_value or operation_unsupported. */
export function encodeOf(
  params: Params,
  accept: string,
  settings: ImaginarySettings,
): Readonly<{ encode: EncodeWish; negotiated: Negotiated | null }> {
  const { format, negotiated } = formatOf(params.get('type'), accept);
  if ((params.get('compression') ?? standardCompression) !== standardCompression) {
    throw unsupported('`compression`: the effort of an encoder is configured.');
  }
  // Results are sRGB and carry no profile of their source, whatever `noprofile` says.
  flag(params, 'noprofile');
  const quality = params.get('quality');
  return {
    encode: {
      format,
      ...(negotiated === null ? {} : { negotiated }),
      quality: {
        kind: 'absolute',
        value: quality === undefined ? settings.quality : readWhole(quality, 'quality', 1, 100),
      },
      progressive: flag(params, 'interlace') ?? false,
      metadata: flag(params, 'stripmeta') === true ? 'none' : 'all',
    },
    negotiated,
  };
}

type Format = Readonly<{ format: EncodeWish['format']; negotiated: Negotiated | null }>;

function formatOf(raw: string | undefined, accept: string): Format {
  if (raw === undefined || raw === '') return { format: 'source', negotiated: null };
  if (raw === 'auto') return negotiatedFormat(accept, ['webp'], 'source');
  const format = formatNames.get(raw);
  if (format !== undefined) return { format, negotiated: null };
  if (raw === 'svg' || raw === 'pdf') throw unsupported(`\`type=${raw}\`: it cannot be written here.`);
  throw badValue('type', `auto, ${[...formatNames.keys()].join(', ')}`, raw);
}

import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { badValue } from '../native/values.ts';
import { negotiatedFormat } from '../negotiated-format.ts';
import { readWhole } from '../read-number.ts';
import { readQuery } from '../read-query.ts';
import { resizeStep } from '../resize-step.ts';
import { checkOpen, decodeSource, sourceOfText } from '../source-of-mount.ts';

const widthMax = 16_384;
const widths = z.array(z.int().min(1).max(widthMax)).max(64);

const settings = z.strictObject({
  /** May its URLs, which have no signature, reach a namespace that has keys? */
  open: z.boolean().default(false),
  deviceSizes: widths.default([640, 750, 828, 1080, 1200, 1920, 2048, 3840]),
  imageSizes: widths.default([16, 32, 48, 64, 96, 128, 256, 384]),
  qualities: z.array(z.int().min(1).max(100)).max(20).default([75]),
  /** What Accept may choose; else the source's own format. */
  formats: z
    .array(z.enum(['webp', 'avif']))
    .max(2)
    .default(['webp']),
});

type Settings = z.infer<typeof settings>;

/** Longest source, in characters. */
const urlMax = 3072;

const dialect: Dialect<Settings> = {
  name: 'next',
  settings,
  match: ({ rest }) => rest === '/_next/image',
  parse: parseNext,
  formatError: formatNextError,
};

/** The image endpoint of Next.js: `/_next/image?url=/a.jpg&w=640&q=75`. docs/dialects/next.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const next = dialect as Dialect;

const known = new Set(['url', 'w', 'q', 'dpl']);

function parseNext(request: DialectRequest, mount: Mounted<Settings>, config: Config): DialectParse {
  const { settings: allowed } = mount;
  const parameters = readQuery(request.rawQuery, (name) => (known.has(name) ? name : null));
  const url = parameters.get('url') ?? '';
  if (url === '' || url.length > urlMax) {
    throw new PileusError('bad_url', { detail: `Expected \`url\`, of at most ${urlMax} characters.` });
  }
  const width = oneOf(parameters.get('w'), 'w', widthMax, [...allowed.deviceSizes, ...allowed.imageSizes]);
  const quality = oneOf(parameters.get('q'), 'q', 100, allowed.qualities);
  // The parameter holds a path that is percent-encoded itself.
  const { source, namespace } = sourceOfText(decodeSource(url), mount, config);
  checkOpen(namespace, allowed.open);
  const { format, negotiated } = negotiatedFormat(request.accept, allowed.formats, 'source');
  return {
    source,
    plan: {
      view: 'image',
      decode: { orient: true, frames: 'auto' },
      steps: [resizeStep('fit', { by: 'box', w: width, h: null }, 'no')],
      encode: {
        format,
        negotiated,
        // AVIF looks as good with less.
        quality: {
          kind: 'absolute',
          value: negotiated === 'avif' ? Math.max(1, Math.round((quality * 50) / 80)) : quality,
        },
      },
    },
    negotiated,
  };
}

/** A number of a list; what it may be is not the URL's to say. Throws bad_value. */
function oneOf(raw: string | undefined, name: string, max: number, allowed: readonly number[]): number {
  if (raw === undefined || raw.startsWith('-')) throw badValue(name, 'a number', raw ?? '');
  const value = readWhole(raw, name, 1, max);
  if (!allowed.includes(value)) throw badValue(name, `one of ${allowed.join(', ')}`, raw);
  return value;
}

/** Plain text, as there; what it refuses is 400. */
function formatNextError(error: PileusError): FormattedError {
  const isRefusal = ['not_allowed', 'signature_missing', 'operation_unsupported'].includes(error.code);
  return {
    status: isRefusal ? 400 : error.status,
    contentType: 'text/plain; charset=utf-8',
    body: `${error.message}\n`,
  };
}

import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import type { FormatWish, Negotiated } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { formatNames } from '../format-names.ts';
import { badValue } from '../native/values.ts';
import { negotiatedFormat } from '../negotiated-format.ts';
import { readWhole } from '../read-number.ts';
import { checkOpen, decodeSource, sourceOfText } from '../source-of-mount.ts';
import { type Modifiers, readModifiers } from './modifiers.ts';
import { colourOf, isOn, single, stepsOf } from './steps.ts';

const settings = z.strictObject({
  /** May its URLs, which have no signature, reach a namespace that has keys? */
  open: z.boolean().default(false),
});

type Settings = z.infer<typeof settings>;

const dialect: Dialect<Settings> = {
  name: 'ipx',
  settings,
  // Nothing in its URLs tells them from others, so it needs a place of its own.
  match: ({ rest }, { at }) => at !== '' && rest.length > 1,
  parse: parseIpx,
  formatError: formatIpxError,
};

/** ipx: `/<modifiers>/<source>`. docs/dialects/ipx.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const ipx = dialect as Dialect;

function parseIpx(request: DialectRequest, mount: Mounted<Settings>, config: Config): DialectParse {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const slash = request.rest.indexOf('/', 1);
  if (slash < 0) throw new PileusError('bad_url', { detail: 'Expected /<modifiers>/<source>.' });
  const modifiers = readModifiers(request.rest.slice(1, slash));
  const { source, namespace } = sourceOfText(decodeSource(request.rest.slice(slash + 1)), mount, config);
  checkOpen(namespace, mount.settings.open);
  const { format, negotiated } = formatOf(single(modifiers, 'format'), request.accept);
  const quality = single(modifiers, 'quality');
  const background = single(modifiers, 'background');
  return {
    source,
    plan: {
      view: 'image',
      decode: { orient: true, frames: framesOf(modifiers) },
      steps: stepsOf(modifiers),
      encode: {
        format,
        ...(negotiated === null ? {} : { negotiated }),
        ...(quality === null ? {} : { quality: { kind: 'absolute', value: readWhole(quality, 'quality', 1, 100) } }),
        ...(background === null ? {} : { background: colourOf(background, 'background') }),
        ...(isOn(modifiers, 'flatten') ? { flatten: true } : {}),
      },
    },
    negotiated,
  };
}

const framesOf = (modifiers: Modifiers): 'auto' | 'first' => (isOn(modifiers, 'animated') ? 'auto' : 'first');

function formatOf(raw: string | null, accept: string): { format: FormatWish; negotiated: Negotiated | null } {
  if (raw === null) return { format: 'source', negotiated: null };
  if (raw === 'auto') return negotiatedFormat(accept, ['webp', 'avif'], 'source');
  if (raw === 'heif' || raw === 'svg') {
    throw new PileusError('operation_unsupported', { detail: `format: ${raw} is not written here.` });
  }
  const format = formatNames.get(raw);
  if (format === undefined) throw badValue('format', `auto, ${[...formatNames.keys()].join(', ')}`, raw);
  return { format, negotiated: null };
}

/** `{"error":{"message":"[404] [SOURCE_NOT_FOUND] ..."}}` */
function formatIpxError(error: PileusError): FormattedError {
  const status = error.code === 'operation_unsupported' ? 400 : error.status;
  const message = `[${status}] [${error.code.toUpperCase()}] ${error.message}`;
  return { status, contentType: 'application/json', body: `${JSON.stringify({ error: { message } })}\n` };
}

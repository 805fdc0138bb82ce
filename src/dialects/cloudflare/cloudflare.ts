import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import type { Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { badValue } from '../native/values.ts';
import { planArgument } from '../resolve-report.ts';
import { checkOpen, decodeSource, sourceOfText } from '../source-of-mount.ts';
import { encodeOf } from './encode.ts';
import { formatCloudflareError } from './format-error.ts';
import { readOptions } from './options.ts';
import { stepsOf } from './steps.ts';

const settings = z.strictObject({
  /** May its URLs, which have no signature, reach a namespace that has keys? */
  open: z.boolean().default(false),
  quality: z.int().min(1).max(100).default(85),
});

type Settings = z.infer<typeof settings>;

const place = '/cdn-cgi/image/';

const dialect: Dialect<Settings> = {
  name: 'cloudflare',
  settings,
  match: ({ rest }) => rest.startsWith(place),
  parse: parseCloudflare,
  formatError: formatCloudflareError,
};

/** Cloudflare's images: `/cdn-cgi/image/<options>/<source>`. docs/dialects/cloudflare.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const cloudflare = dialect as Dialect;

function parseCloudflare(request: DialectRequest, mount: Mounted<Settings>, config: Config): DialectParse {
  if (request.rawQuery !== null) {
    throw new PileusError('bad_url', { detail: 'A query has to be part of the source, as %3F.' });
  }
  const rest = request.rest.slice(place.length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw new PileusError('bad_url', { detail: 'Expected /cdn-cgi/image/<options>/<source>.' });
  const options = readOptions(rest.slice(0, slash));
  const { source, namespace } = sourceOfText(decodeSource(rest.slice(slash + 1)), mount, config);
  checkOpen(namespace, mount.settings.open);
  const { encode, negotiated } = encodeOf(options, request.accept, mount.settings.quality);
  const plan: Plan = {
    view: 'image',
    decode: { orient: true, frames: framesOf(options.get('anim')) },
    steps: stepsOf(options),
    encode,
  };
  if (options.get('format') !== 'json') return { source, plan, negotiated };
  if (plan.steps.some(({ op }) => op === 'trim')) {
    throw new PileusError('operation_unsupported', {
      detail: 'format=json: what a trim leaves is not known beforehand.',
    });
  }
  const report = { as: 'cloudflare/json', args: { plan: planArgument(plan, plan.steps) } };
  return { source, plan: { ...plan, view: 'info', steps: [], encode: { format: 'source' }, report } };
}

function framesOf(anim = 'true'): Plan['decode']['frames'] {
  if (anim === 'true') return 'auto';
  if (anim === 'false') return 'first';
  throw badValue('anim', 'true or false', anim);
}

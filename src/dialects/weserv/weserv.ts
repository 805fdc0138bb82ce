import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { type EncodeWish, type FormatWish, type Plan, pagesMax } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { AnswerWish, Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { formatNames } from '../format-names.ts';
import { badValue } from '../native/values.ts';
import { readWhole } from '../read-number.ts';
import { checkOpen, sourceOfText } from '../source-of-mount.ts';
import { backgroundOf } from './colours.ts';
import { isOn, type Parameters, readParameters } from './parameters.ts';
import { stepsOf } from './steps.ts';

const settings = z.strictObject({
  /** May its URLs, which have no signature, reach a namespace that has keys? */
  open: z.boolean().default(false),
  quality: z.int().min(1).max(100).default(80),
});

type Settings = z.infer<typeof settings>;

const dialect: Dialect<Settings> = {
  name: 'weserv',
  settings,
  match: ({ rest, rawQuery }) => rest.length < 2 && rawQuery !== null,
  parse: parseWeserv,
  formatError: formatWeservError,
};

/** images.weserv.nl 5: `/?url=<source>&w=300`. docs/dialects/weserv.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const weserv = dialect as Dialect;

function parseWeserv(request: DialectRequest, mount: Mounted<Settings>, config: Config): DialectParse {
  const parameters = readParameters(request.rawQuery);
  const url = parameters.get('url');
  if (url === undefined) throw new PileusError('bad_url', { detail: 'Expected ?url=<source>.' });
  const { source, namespace } = sourceOfText(url, mount, config);
  checkOpen(namespace, mount.settings.open);
  const plan: Plan = {
    view: 'image',
    decode: { orient: true, frames: framesOf(parameters) },
    steps: stepsOf(parameters),
    encode: encodeOf(parameters, mount.settings.quality),
  };
  const answer = answerOf(parameters);
  if (parameters.get('output') !== 'json') return { source, plan, answer };
  const report = { as: 'weserv/json', args: {} };
  return { source, plan: { ...plan, view: 'info', steps: [], encode: { format: 'source' }, report }, answer };
}

/** One page, or all of them with `n=-1`; without either the first. */
function framesOf(parameters: Parameters): Plan['decode']['frames'] {
  const [page, n] = [parameters.get('page'), parameters.get('n')];
  if (n !== undefined && page !== undefined) throw new PileusError('bad_combination', { detail: 'page and n.' });
  if (page !== undefined) {
    if (/^-[12]$/.test(page))
      throw new PileusError('operation_unsupported', { detail: 'page: pages are counted from 0.' });
    return readWhole(page, 'page', 0, pagesMax);
  }
  if (n === undefined || n === '1') return 'first';
  if (n === '-1') return 'auto';
  readWhole(n, 'n', 1, 256);
  throw new PileusError('operation_unsupported', { detail: 'n: one page, or all of them with -1.' });
}

const formats: ReadonlyMap<string, FormatWish> = new Map<string, FormatWish>([...formatNames, ['json', 'source']]);

function encodeOf(parameters: Parameters, defaultQuality: number): EncodeWish {
  const output = parameters.get('output');
  const format = output === undefined ? 'source' : formats.get(output);
  if (format === undefined) throw badValue('output', [...formats.keys()].join(', '), output ?? '');
  const quality = parameters.get('q');
  const background = backgroundOf(parameters);
  return {
    format,
    quality: { kind: 'absolute', value: quality === undefined ? defaultQuality : readWhole(quality, 'q', 1, 100) },
    progressive: isOn(parameters, 'il'),
    ...(isOn(parameters, 'll') ? { lossless: true } : {}),
    ...(background === undefined ? {} : { background }),
  };
}

const daysOf: Readonly<Record<string, number>> = { d: 1, w: 7, mon: 31, y: 365 };

function answerOf(parameters: Parameters): AnswerWish {
  const [maxAge, filename] = [parameters.get('maxage'), parameters.get('filename')];
  const match = maxAge === undefined ? null : /^([0-9]{1,4})(d|w|mon|y)$/.exec(maxAge);
  const days = match === null ? 1 : Number(match[1]) * (daysOf[match[2] ?? ''] ?? 0);
  if ((maxAge !== undefined && match === null) || days < 1 || days > 366) {
    throw badValue('maxage', '1d to 1y, in d, w, mon or y', maxAge ?? '');
  }
  if (filename !== undefined && !/^[A-Za-z0-9]{1,64}$/.test(filename)) {
    throw badValue('filename', 'letters and digits', filename);
  }
  return {
    ...(maxAge === undefined ? {} : { maxAgeS: days * 86_400 }),
    ...(filename === undefined ? {} : { disposition: { kind: 'inline', name: filename } }),
  };
}

/** `{"status":"error","code":404,"message":"..."}` */
function formatWeservError(error: PileusError): FormattedError {
  const code = error.code === 'operation_unsupported' || error.code === 'enlarge_refused' ? 400 : error.status;
  return {
    status: code,
    contentType: 'application/json',
    body: `${JSON.stringify({ status: 'error', code, message: error.message })}\n`,
  };
}

import type { Config } from '../../config/config.ts';
import { originalPlan } from '../../plan/canonical-plan.ts';
import { errorEntry, PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { isNativePath } from '../native/native-path.ts';
import { checkOpen, checkOriginal, sourceOfPath } from '../source-of-mount.ts';
import { channelOf, splitPath } from './path.ts';
import { planOf } from './plan.ts';
import { channelNamed, type Settings, settings } from './settings.ts';

/**
 * The nephele of 2015: `/<channel>/<name>_R_300_200_Q80.jpg` and its like, all in the path; a bare name is the original.
 * Every channel lists what may be asked of it. docs/dialects/nephele-2015.md has the tables.
 */
export const nephele2015 = {
  name: 'nephele-2015',
  settings,
  match: ({ rawPath }) => !isNativePath(rawPath),
  parse,
  formatError,
} satisfies Dialect<Settings> as Dialect;

function parse(request: DialectRequest, mounted: Mounted<Settings>, config: Config): DialectParse {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const { rawKey, ext, suffix } = splitPath(request.rest);
  const { source, namespace } = sourceOfPath(`/${rawKey}`, mounted, config);
  checkOpen(namespace, mounted.settings.open);
  const channel = channelNamed(channelOf(request.rest), mounted.settings);
  if (suffix !== null) return { source, plan: planOf(suffix, ext, channel, config.assets) };
  checkOriginal(namespace);
  checkOriginal(channel);
  return { source, plan: originalPlan };
}

/**
 * Every error is 404, as it was; originals that are kept were 403. What went wrong is told by a header, and whether the answer
 * may be kept by Cache-Control, as always.
 */
function formatError({ code }: PileusError, _requestId: string, { settings }: Mounted<Settings>): FormattedError {
  const status = statusOf(code, settings);
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    body: `${phrases[status] ?? errorEntry(code).message}\n`,
    headers: { 'x-error-code': code },
  };
}

function statusOf(code: PileusError['code'], { statuses }: Settings): number {
  if (statuses === 'distinct') return errorEntry(code).status;
  return code === 'original_protected' ? 403 : 404;
}

const phrases: Readonly<Record<number, string>> = { 403: 'Forbidden', 404: 'Not Found' };

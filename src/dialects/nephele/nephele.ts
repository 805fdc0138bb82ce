import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { originalPlan } from '../../plan/canonical-plan.ts';
import { errorEntry, type PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { isNativePath } from '../native/native-path.ts';
import { applyProcess } from '../oss/action.ts';
import { Draft } from '../oss/draft.ts';
import { processIn } from '../oss/query.ts';
import { watermarkNames } from '../oss/settings.ts';
import { checkOpen, checkOriginal, sourceOfPath } from '../source-of-mount.ts';
import { actions, defaults } from './actions.ts';

const parameter = 'x-nephele-process';

const settings = z.strictObject({
  /** Answer without signatures though the namespace has keys. */
  open: z.boolean().default(false),
  watermarks: watermarkNames,
});

type Settings = z.infer<typeof settings>;

/**
 * The nephele of 2018: `/<key>?x-nephele-process=image/<action>,<parameters>/<action>...`, the grammar of OSS with actions and
 * defaults of its own; a bare key is the original. docs/dialects/nephele.md has the tables.
 */
export const nephele = {
  name: 'nephele',
  settings,
  match: ({ rawPath, rawQuery }) => !isNativePath(rawPath) || rawQuery?.includes(parameter) === true,
  parse,
  formatError,
} satisfies Dialect<Settings> as Dialect;

function parse(request: DialectRequest, mounted: Mounted<Settings>, config: Config): DialectParse {
  const { open, watermarks } = mounted.settings;
  const { source, namespace } = sourceOfPath(request.rest, mounted, config);
  const text = processIn(request.rawQuery, parameter, []);
  checkOpen(namespace, open);
  if (text === null) {
    checkOriginal(namespace);
    return { source, plan: originalPlan };
  }
  const draft = new Draft(defaults);
  applyProcess(text, actions, draft, { watermarks, marks: {}, fonts: {}, config });
  return { source, plan: draft.toPlan() };
}

/** A sentence as plain text. Whatever another try cannot help is 400; overload and failures keep their status. */
function formatError({ code, detail }: PileusError): FormattedError {
  const { status, message, retryable } = errorEntry(code);
  return {
    status: status < 500 && !retryable ? 400 : status,
    contentType: 'text/plain; charset=utf-8',
    body: `${detail === undefined ? message : `${message} ${detail}`}\n`,
  };
}

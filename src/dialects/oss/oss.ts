import type { Config } from '../../config/config.ts';
import { originalPlan } from '../../plan/canonical-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { isNativePath } from '../native/native-path.ts';
import { quoted } from '../native/values.ts';
import { checkOpen, checkOriginal, sourceOfPath } from '../source-of-mount.ts';
import { applyProcess } from './action.ts';
import { actions, defaults } from './actions.ts';
import { Draft } from './draft.ts';
import { formatOssError } from './errors.ts';
import { processIn } from './query.ts';
import { refusal } from './refusal.ts';
import { type OssSettings, ossSettings, stylePattern } from './settings.ts';

const parameter = 'x-oss-process';
const stylePrefix = 'style/';

/**
 * Aliyun OSS: `/<key>?x-oss-process=image/<action>,<parameters>/<action>...` or `?x-oss-process=style/<name>`, carried out
 * from left to right; a bare key is the original. docs/dialects/oss.md has the tables.
 */
export const oss = {
  name: 'oss',
  settings: ossSettings,
  namespaces: namespacesOfMarks,
  match: ({ rawPath, rawQuery }) => !isNativePath(rawPath) || rawQuery?.includes(parameter) === true,
  parse,
  formatError: formatOssError,
} satisfies Dialect<OssSettings> as Dialect;

function parse(request: DialectRequest, mounted: Mounted<OssSettings>, config: Config): DialectParse {
  const { settings } = mounted;
  const { source, namespace } = sourceOfPath(request.rest, mounted, config);
  const text = processIn(request.rawQuery, parameter, settings.ignoredParameters);
  checkOpen(namespace, settings.open);
  if (text === null) {
    checkOriginal(namespace);
    refuseUnstyled(settings);
    return { source, plan: originalPlan };
  }
  if (text.startsWith(stylePrefix)) {
    const name = text.slice(stylePrefix.length);
    return { source, plan: planOf(styleNamed(name, settings), settings, config), presets: [name] };
  }
  const plan = planOf(text, settings, config);
  refuseUnstyled(settings);
  return { source, plan };
}

function planOf(text: string, { autoOrient, watermarks, marks, fonts }: OssSettings, config: Config): Plan {
  const draft = new Draft(defaults(autoOrient));
  applyProcess(text, actions, draft, { watermarks, marks, fonts, config });
  return draft.toPlan();
}

function styleNamed(name: string, { styles }: OssSettings): string {
  if (!stylePattern.test(name)) {
    throw refusal('bad_value', `A style's name has 1-63 of letters, digits, _, . and -, got ${quoted(name)}.`);
  }
  const text = Object.hasOwn(styles, name) ? styles[name] : undefined;
  if (text === undefined) throw new PileusError('preset_not_found', { detail: `There is no style ${quoted(name)}.` });
  return text;
}

function refuseUnstyled({ stylesOnly }: OssSettings): void {
  if (stylesOnly) throw new PileusError('not_allowed', { detail: 'Only styles are answered here.' });
}

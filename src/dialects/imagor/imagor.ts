import type { Config } from '../../config/config.ts';
import type { Dialect, DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { planArgument } from '../resolve-report.ts';
import { claims, type Family, facts, readFamily } from '../thumbor/family.ts';
import { type Settings, settingsWith } from '../thumbor/settings.ts';
import { imagorFilters } from './filters.ts';
import { formatImagorError } from './format-error.ts';
import { readImage } from './image.ts';
import { describeParams } from './reports.ts';

const family: Family = {
  flavour: 'imagor',
  filters: imagorFilters,
  rounding: 'nearest',
  unescaped: true,
  imageOf: ({ image }, isPlain) => readImage(image, isPlain).name,
  metaReport: (_image, plan, _geometry, { measures }) => ({
    as: 'imagor/meta',
    args: {
      plan: planArgument(plan, plan.steps),
      upright: plan.decode.orient,
      ...(measures?.average === undefined || plan.encode.background === undefined
        ? {}
        : { background: plan.encode.background }),
    },
    details: true,
  }),
};

const dialect: Dialect<Settings> = {
  name: 'imagor',
  settings: settingsWith({ quality: 75, progressive: false, respectOrientation: true }),
  namespaces: namespacesOfMarks,
  match: ({ rest }, { at }) => claims(rest, at, ['params']),
  parse: parseImagor,
  formatError: formatImagorError,
};

/**
 * imagor 1.9: thumbor's grammar and more, `/[params/]<signature or unsafe>/<options>/filters:<filters>/<image>`.
 * docs/dialects/imagor.md describes it.
 */
// The registry hands a grammar only what its own schema gave.
export const imagor = dialect as Dialect;

function parseImagor(request: DialectRequest, mount: Mounted<Settings>, config: Config): DialectParse {
  const path = request.rest.replace(/^\/+/, '');
  const isParams = path.startsWith('params/');
  const reading = readFamily(isParams ? path.slice('params/'.length) : path, request, mount, config, family);
  if (!isParams) return reading.parse;
  const params = JSON.stringify(describeParams(reading.open, reading.params));
  return { ...reading.parse, plan: { ...facts, report: { as: 'imagor/params', args: { params } } }, negotiated: null };
}

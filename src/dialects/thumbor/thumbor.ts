import type { Dialect } from '../dialect.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { planArgument } from '../resolve-report.ts';
import { decodeSource } from '../source-of-mount.ts';
import { claims, type Family, readFamily } from './family.ts';
import { thumborFilters } from './filters.ts';
import { formatThumborError } from './format-error.ts';
import { type Settings, settingsWith } from './settings.ts';

const family: Family = {
  flavour: 'thumbor',
  filters: thumborFilters,
  rounding: 'floor',
  unescaped: false,
  imageOf: ({ image }) => decodeSource(image),
  metaReport: (url, plan, geometry) => ({
    as: 'thumbor/meta',
    args: { url, plan: planArgument({ ...plan, decode: { ...plan.decode, frames: 'first' } }, geometry) },
  }),
};

const dialect: Dialect<Settings> = {
  name: 'thumbor',
  settings: settingsWith({ quality: 80, progressive: true, respectOrientation: false }),
  namespaces: namespacesOfMarks,
  match: ({ rest }, { at }) => claims(rest, at),
  parse: (request, mount, config) => readFamily(request.rest.slice(1), request, mount, config, family).parse,
  formatError: formatThumborError,
};

/** thumbor 7: `/<signature or unsafe>/<options>/filters:<filters>/<image>`. docs/dialects/thumbor.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const thumbor = dialect as Dialect;

import type { Config } from '../../config/config.ts';
import type { Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, FormattedError, Mounted } from '../dialect.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { readQuery } from '../read-query.ts';
import { checkOpen, decodeSource, sourceOfText } from '../source-of-mount.ts';
import { encodeOf } from './encode.ts';
import { type Operation, operationOf, operations, type Scene } from './operations.ts';
import { checkName, flag, type Params } from './params.ts';
import { readPipeline, type Stage } from './pipeline.ts';
import { type ImaginarySettings, imaginarySettings } from './settings.ts';
import { checkSignature } from './signature.ts';

const endpoints: ReadonlySet<string> = new Set([...operations, 'pipeline', 'info']);

const dialect: Dialect<ImaginarySettings> = {
  name: 'imaginary',
  settings: imaginarySettings,
  namespaces: namespacesOfMarks,
  match: ({ rest, rawQuery }) => rawQuery !== null && endpoints.has(rest.slice(1)),
  parse: parseImaginary,
  formatError: formatImaginaryError,
};

/** imaginary: `/resize?width=300&url=<source>` and its like. docs/dialects/imaginary.md describes it. */
// The registry hands a grammar only what its own schema gave.
export const imaginary = dialect as Dialect;

/** Parameters of a request, not of an operation. */
const requestNames = ['url', 'file', 'sign', 'operations'] as const;

function parseImaginary(request: DialectRequest, mount: Mounted<ImaginarySettings>, config: Config): DialectParse {
  const { settings } = mount;
  const query = readQuery(request.rawQuery, (name) => name);
  const { sign, ...given } = Object.fromEntries(query);
  const parameters: Params = new Map(Object.entries(given));
  const signed = settings.keys.length > 0;
  if (signed) checkSignature(sign, decodeSource(request.rawPath), parameters, settings.keys);

  const { source, namespace } = sourceOfText(sourceText(parameters), mount, config);
  if (!signed) checkOpen(namespace, settings.open);
  const endpoint = request.rest.slice(1);
  const own: Params = new Map([...parameters].filter(([name]) => !isRequestName(name)));
  for (const name of own.keys()) checkName(name);
  if (parameters.has('operations') && endpoint !== 'pipeline') {
    throw new PileusError('bad_combination', { detail: '`operations` belongs to /pipeline.' });
  }
  if (endpoint === 'info') return { source, plan: infoPlan, signed };
  const stages: readonly Stage[] =
    endpoint === 'pipeline' ? readPipeline(parameters.get('operations') ?? '') : [{ name: endpoint, params: own }];
  if (endpoint === 'pipeline' && own.size > 0) {
    throw new PileusError('bad_combination', { detail: 'In a pipeline parameters belong to its operations.' });
  }
  const { plan, negotiated } = planOf(stages, { settings, config }, request.accept);
  return { source, plan, negotiated, signed };
}

const isRequestName = (name: string): boolean => (requestNames as readonly string[]).includes(name);

function sourceText(parameters: Params): string {
  const [url, file] = [parameters.get('url'), parameters.get('file')];
  if ((url === undefined) === (file === undefined)) {
    throw new PileusError('bad_url', { detail: 'Expected `url` or `file`.' });
  }
  return url ?? file ?? '';
}

/** Stages work on one another's results; how it is encoded is what the last one says. Its source is upright from the first on. */
function planOf(
  stages: readonly Stage[],
  scene: Scene,
  accept: string,
): Readonly<{ plan: Plan; negotiated: NonNullable<DialectParse['negotiated']> | null }> {
  const parts: Operation[] = [];
  for (const { name, params } of stages) {
    for (const each of params.keys()) checkName(each);
    parts.push(operationOf(name, params, scene));
  }
  const last = stages.at(-1)?.params ?? new Map<string, string>();
  const { encode, negotiated } = encodeOf(last, accept, scene.settings);
  const colours = new Set(parts.map(({ background }) => background).filter((colour) => colour !== undefined));
  if (colours.size > 1) {
    throw new PileusError('operation_unsupported', { detail: 'A plan has one colour of background.' });
  }
  const [background] = colours;
  return {
    plan: {
      view: 'image',
      decode: { orient: flag(stages[0]?.params ?? last, 'norotation') !== true, frames: 'first' },
      steps: parts.flatMap(({ steps }) => steps),
      encode: { ...encode, ...(background === undefined ? {} : { background }) },
    },
    negotiated,
  };
}

const infoPlan: Plan = {
  view: 'info',
  decode: { orient: true, frames: 'first' },
  steps: [],
  encode: { format: 'source' },
  report: { as: 'imaginary/info', args: {} },
};

/** `{"message":"...","status":400}`; what cannot be done is 400. */
function formatImaginaryError(error: PileusError): FormattedError {
  const status = error.code === 'operation_unsupported' || error.code === 'enlarge_refused' ? 400 : error.status;
  return { status, contentType: 'application/json', body: JSON.stringify({ message: error.message, status }) };
}

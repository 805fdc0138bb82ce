import type { Others, Value } from './imgproxy-variable.ts';
import { imgproxyVariables } from './imgproxy-variables.ts';
import { type Fault, Place } from './place.ts';

/**
 * imgproxy's environment as a configuration of ours: `serve --as imgproxy` takes nothing else. What each variable means
 * stands in the table (imgproxy-variables.ts); here it is put together.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration that stands in the environment, as places whose faults name the variables. */
export function imgproxyEnvironment(env: Environment, faults: Fault[]): Place {
  const written = new Map<string, string>();
  const root: Tree = structuredClone(base) as Tree;
  const others: Others = (name) => env[prefix + name] ?? '';
  for (const { name, read, unset } of imgproxyVariables) {
    const text = others(name) || unset;
    if (text === undefined || read === undefined) continue;
    const meaning = read(text, others);
    if (typeof meaning === 'string') faults.push({ at: prefix + name, problem: meaning });
    else for (const [path, value] of meaning) set(root, path.split('.'), value, prefix + name, written);
  }
  faults.push(...unknown(env));
  if (env.PORT !== undefined && others('BIND') === '') set(root, ['port'], Number(env.PORT), 'PORT', written);
  const lineOf = (path: readonly (string | number)[]): string => {
    for (let length = path.length; length > 0; length--) {
      const name = written.get(path.slice(0, length).join('.'));
      if (name !== undefined) return name;
    }
    return 'environment';
  };
  return new Place(root, [], lineOf, faults);
}

type Tree = { [name: string]: Tree | Value };

const prefix = 'IMGPROXY_';

/** What imgproxy does without any variable. */
const base: Value = {
  host: '0.0.0.0',
  port: 8080,
  jpegQuality: 80,
  sourcePixelsMax: 50_000_000,
  // imgproxy has no limit; a source has to fit the buffer of a worker.
  sourceBytesMax: 104_857_600,
  // Pages of one source; animations are still unless IMGPROXY_MAX_ANIMATION_FRAMES says more than one.
  framesMax: 64,
  svgBytesMax: 4_194_304,
  acceptRequestId: true,
  // Every request asks its origin, as there.
  sourceFreshMs: 0,
  missingFreshMs: 0,
  namespaces: { http: { origin: { kind: 'url' } } },
  dialects: [{ grammar: 'imgproxy', at: '/', sources: { http: 'http' } }],
};

/** Variables that imgproxy does not have: most likely misspelt, and then something is not as it was meant. */
const unknown = (env: Environment): readonly Fault[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(prefix) && env[name] && !names.has(name.slice(prefix.length)))
    .map((name) => ({ at: name, problem: 'there is no such variable in imgproxy 4' }));

const names: ReadonlySet<string> = new Set(imgproxyVariables.map(({ name }) => name));

/** Lists grow and mappings are joined; of anything else the later value stands. */
function set(tree: Tree, path: readonly string[], value: Value, name: string, written: Map<string, string>): void {
  let at: Tree = tree;
  for (const part of path.slice(0, -1)) {
    at[part] ??= {};
    at = at[part] as Tree;
  }
  const last = path.at(-1) as string;
  at[last] = joined(at[last], value);
  written.set(path.join('.'), name);
}

function joined(before: Tree | Value | undefined, value: Value): Tree | Value {
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  return isMapping(before) && isMapping(value) ? { ...before, ...value } : value;
}

const isMapping = (value: unknown): value is { [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

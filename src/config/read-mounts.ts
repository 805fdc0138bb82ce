import type { z } from 'zod';
import { dialectNamed, dialectNames, settingsOf } from '../dialects/registry.ts';
import { hint } from './closest-name.ts';
import type { MountConfig } from './config.ts';
import { fillVariables } from './fill-variables.ts';
import { type Faulty, faulty, isRight, type Place } from './place.ts';

/** What every mount has; the rest is its grammar's. */
const ownKeys = ['grammar', 'at', 'namespace'];

export type MountContext = Readonly<{
  env: Readonly<Record<string, string | undefined>>;
  namespaces: readonly string[];
}>;

/**
 * The list `dialects` of the file: which grammars are mounted where. Gives them longest place first, which is the order
 * in which they are asked; two of one place in the order of the file.
 */
export function readMounts(place: Place, context: MountContext): readonly MountConfig[] | Faulty {
  if (place.value === undefined || place.value === null) return [];
  const mounts = place.list('mounts such as { grammar: oss, at: /photos, namespace: photos }', (each) =>
    readMount(each, context),
  );
  return isRight(mounts) ? [...mounts].sort((a, b) => b.at.length - a.at.length) : faulty;
}

function readMount(place: Place, context: MountContext): MountConfig | Faulty {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return place.expected('a mapping with `grammar`');
  }
  const grammar = place.at('grammar').oneOf(dialectNames);
  const namespace = readNamespaceName(place.at('namespace'), context.namespaces);
  const at = readAt(place.at('at'), isRight(namespace) ? namespace : null);
  if (!isRight(grammar)) return faulty;
  const settings = readSettings(place, settingsOf(grammar), context.env);
  if (isRight(settings) && !hasNamespaces(place, grammar, settings, context.namespaces)) return faulty;
  return isRight(at) && isRight(namespace) && isRight(settings) ? { grammar, at, namespace, settings } : faulty;
}

function hasNamespaces(place: Place, grammar: string, settings: unknown, names: readonly string[]): boolean {
  const gone = dialectNamed(grammar)
    .namespaces?.(settings)
    .find((name) => !names.includes(name));
  if (gone === undefined) return true;
  place.fault(`there is no namespace ${gone}${hint(gone, names)}`);
  return false;
}

function readNamespaceName(place: Place, names: readonly string[]): string | null | Faulty {
  if (place.value === undefined) return null;
  return place.oneOf(names);
}

/** Absent: at the namespace's own place; without one, at the root. */
function readAt(place: Place, namespace: string | null): string | Faulty {
  if (place.value === undefined) return namespace === null ? '' : `/${namespace}`;
  const text = place.text('a path such as /iiif/3, or / for the root', /^\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]+\/?)*$/);
  return isRight(text) ? text.replace(/\/$/, '') : faulty;
}

/** The grammar's own settings, by its schema. Values are never repeated in a fault: some are secrets. */
function readSettings(place: Place, schema: z.ZodType, env: MountContext['env']): unknown | Faulty {
  const given = Object.fromEntries(
    Object.entries(place.value as Readonly<Record<string, unknown>>).filter(([name]) => !ownKeys.includes(name)),
  );
  const problems: string[] = [];
  const filled = filledIn(given, env, problems);
  for (const problem of problems) place.fault(problem);
  if (problems.length > 0) return faulty;
  const read = schema.safeParse(filled);
  if (read.success) return read.data;
  for (const issue of read.error.issues) report(place, issue, schema);
  return faulty;
}

function report(place: Place, issue: z.core.$ZodIssue, schema: z.ZodType): void {
  const at = issue.path.reduce<Place>((here, name) => here.at(name as string | number), place);
  if (issue.code !== 'unrecognized_keys') {
    at.fault(issue.message.replace(/^Invalid input: /, ''));
    return;
  }
  const names = issue.path.length === 0 ? [...ownKeys, ...keysOf(schema)] : [];
  for (const name of issue.keys) at.at(name).fault(`unknown setting${hint(name, names)}`);
}

const keysOf = (schema: z.ZodType): readonly string[] =>
  'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : [];

/** `${NAME}` in every text is filled from the environment. */
function filledIn(value: unknown, env: MountContext['env'], problems: string[]): unknown {
  if (typeof value === 'string') {
    const filled = fillVariables(value, env);
    if (filled.ok) return filled.text;
    problems.push(filled.problem);
    return value;
  }
  if (Array.isArray(value)) return value.map((each) => filledIn(each, env, problems));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledIn(each, env, problems)]));
}

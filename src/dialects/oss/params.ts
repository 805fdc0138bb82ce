import { badValue, quoted, readInteger } from '../native/values.ts';
import type { Action } from './action.ts';
import { refusal } from './refusal.ts';

/** The parameters of one action, by name. */
export type Params = Readonly<{ action: string; values: ReadonlyMap<string, string> }>;

/** Reads `<name>_<value>` parameters. Throws bad_operation for one that is not in `names` or stands twice. */
export function readParams({ name: action, params }: Action, names: ReadonlySet<string>): Params {
  const values = new Map<string, string>();
  for (const param of params) {
    const separator = param.indexOf('_');
    const name = separator < 0 ? param : param.slice(0, separator);
    if (separator < 0 || !names.has(name)) {
      throw refusal('bad_operation', `\`${action}\` has no parameter ${quoted(param)}.`);
    }
    if (values.has(name)) throw refusal('bad_operation', `\`${name}\` of \`${action}\` stands twice.`);
    values.set(name, param.slice(separator + 1));
  }
  return { action, values };
}

/** The one value that stands behind the name of an action: `rotate,90`. Throws bad_value or bad_operation. */
export function onlyValue({ name, params }: Action): string {
  const [value, ...rest] = params;
  if (value === undefined) throw missing(name, 'a value');
  if (rest.length > 0) throw refusal('bad_operation', `\`${name}\` has one value, got ${quoted(params.join(','))}.`);
  return value;
}

/** A whole number, or null where the parameter is absent. Throws bad_value. */
export function integerOf({ action, values }: Params, name: string, min: number, max: number): number | null {
  const raw = values.get(name);
  return raw === undefined ? null : readInteger(raw, `${name}\` of \`${action}`, min, max);
}

/** One of some words as what it stands for, or null where the parameter is absent. Throws bad_value. */
export function choiceOf<Value>(
  { action, values }: Params,
  name: string,
  choices: ReadonlyMap<string, Value>,
): Value | null {
  const raw = values.get(name);
  return raw === undefined ? null : readChoice(raw, `${name}\` of \`${action}`, choices);
}

/** One of some words as what it stands for. Throws bad_value. */
export function readChoice<Value>(raw: string, name: string, choices: ReadonlyMap<string, Value>): Value {
  const value = choices.get(raw);
  if (value === undefined) throw badValue(name, `one of ${[...choices.keys()].join(', ')}`, raw);
  return value;
}

export const missing = (action: string, what: string) =>
  refusal('bad_value', `\`${action}\` needs ${what}.`, 'MissingArgument');

/** `0` and `1`. */
export const flags: ReadonlyMap<string, boolean> = new Map([
  ['0', false],
  ['1', true],
]);

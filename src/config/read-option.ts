import { formatAmount, parseAmount } from './amount.ts';
import type { OptionSpec } from './define-options.ts';
import { show } from './place.ts';

export type OptionValue = number | boolean | string | readonly string[];
export type Reading = Readonly<{ ok: true; value: OptionValue } | { ok: false; problem: string }>;

/** Longest text, and most members of a list, that an option takes. */
const textLengthMax = 4096;
const listLengthMax = 1000;

/**
 * One option's value out of what was written: a YAML value, or the text of a flag or an environment variable.
 * Text is read by the option's type, so that `5s`, `32MiB`, `true` and `a,b` mean the same in all three.
 */
export function readOption(spec: OptionSpec, raw: unknown): Reading {
  const value = writtenValue(spec, raw);
  return value === null
    ? { ok: false, problem: `expected ${describeRange(spec)}, found ${show(raw)}` }
    : { ok: true, value };
}

/** What an option takes, in words: `a size from 1KiB to 2GiB`. */
export function describeRange(spec: OptionSpec): string {
  switch (spec.type) {
    case 'int':
    case 'number': {
      const kind = spec.unit === 'bytes' ? 'a size' : spec.unit === 'ms' ? 'a time' : numberKind[spec.type];
      const unit = spec.unit === undefined || spec.unit === 'bytes' || spec.unit === 'ms' ? '' : ` (${spec.unit})`;
      return `${kind} from ${formatAmount(spec.min, spec.unit)} to ${formatAmount(spec.max, spec.unit)}${unit}`;
    }
    case 'bool':
      return 'true or false';
    case 'enum':
      return `one of ${spec.values.join(', ')}`;
    case 'list':
      return 'a list of texts';
    case 'string':
      return spec.unit === 'path' ? 'a path' : 'a text';
  }
}

const numberKind = { int: 'a whole number', number: 'a number' } as const;

function writtenValue(spec: OptionSpec, raw: unknown): OptionValue | null {
  switch (spec.type) {
    case 'int':
    case 'number':
      return numberOf(spec, raw);
    case 'bool':
      return typeof raw === 'boolean' ? raw : typeof raw === 'string' ? (truth[raw.toLowerCase()] ?? null) : null;
    case 'enum':
      return typeof raw === 'string' && spec.values.includes(raw) ? raw : null;
    case 'list':
      return listOf(raw);
    case 'string':
      return isText(raw) ? raw : null;
  }
}

const truth: Readonly<Record<string, boolean>> = Object.assign(Object.create(null), {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
});

function numberOf(spec: OptionSpec & { type: 'int' | 'number' }, raw: unknown): number | null {
  const value = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseAmount(raw, spec.unit) : null;
  if (value === null || !Number.isFinite(value)) return null;
  if (spec.type === 'int' && !Number.isInteger(value)) return null;
  return value >= spec.min && value <= spec.max ? value : null;
}

function listOf(raw: unknown): readonly string[] | null {
  const members =
    typeof raw === 'string'
      ? raw
          .split(',')
          .map((member) => member.trim())
          .filter((member) => member !== '')
      : raw;
  return Array.isArray(members) && members.length <= listLengthMax && members.every(isText) ? members : null;
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= textLengthMax && !value.includes('\0');

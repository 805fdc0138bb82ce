import { formatAmount } from './amount.ts';
import type { Config, OptionName } from './config.ts';
import { optionNames, optionSpec } from './option-names.ts';

/** What differs between two configurations, by what it needs to take effect. */
export type ConfigDiff = Readonly<{
  /** Options that take effect at once. */
  live: readonly OptionName[];
  /** Options that need new processes. */
  restart: readonly OptionName[];
  /** Namespaces, presets or assets differ; they take effect at once. */
  content: boolean;
}>;

export function diffConfig(old: Config, next: Config): ConfigDiff {
  const changed = optionNames.filter((name) => !same(old.options[name], next.options[name]));
  return {
    live: changed.filter((name) => optionSpec(name).apply === 'live'),
    restart: changed.filter((name) => optionSpec(name).apply === 'restart'),
    content: !same(contentOf(old), contentOf(next)),
  };
}

/** The sentence that refuses a reload, or null where nothing stands in its way. */
export function reloadRefusal(old: Config, next: Config): string | null {
  const { restart } = diffConfig(old, next);
  if (restart.length === 0) return null;
  const changes = restart.map((name) => `${name} (${shown(name, old)} -> ${shown(name, next)})`).join(', ');
  return `not reloaded: ${changes} cannot change while the processes run; send USR2 or start anew, and the old configuration stays until then`;
}

function shown(name: OptionName, { options }: Config): string {
  const value = options[name];
  return typeof value === 'number' ? formatAmount(value, optionSpec(name).unit) : String(value);
}

const contentOf = ({ namespaces, presets, assets }: Config): unknown => [namespaces, presets, assets].map(sorted);

/** Members by name: the order in the file means nothing. */
const sorted = (members: Readonly<Record<string, unknown>>): unknown =>
  Object.keys(members)
    .sort()
    .map((name) => members[name]);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

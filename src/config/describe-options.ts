import { readFileSync } from 'node:fs';
import { writeDocument } from '../shared/write-document.ts';
import { formatAmount } from './amount.ts';
import { type NamespaceConfig, namespaceLimits, type OptionName } from './config.ts';
import type { OptionSpec } from './define-options.ts';
import { environmentName, flagName, optionNames, optionSpec } from './option-names.ts';
import { optionGroups } from './options.ts';
import { defaultLadder } from './read-namespace.ts';
import { defaultPresets } from './read-presets.ts';

/**
 * The page docs/configuration.md: the structure of the file with the example, then every option of the table.
 * Run as a program it writes the page.
 */
export function describeOptions(example: string): string {
  return [...introduction, ...exampleSection(example), ...structure(), ...optionGroups.flatMap(groupSection)].join(
    '\n',
  );
}

const introduction = [
  '# Configuration',
  '',
  'Generated from src/config/options.ts and src/config/describe-options.ts (`npm run docs`); edit those.',
  '',
  'An option comes from, in this order: a flag (`--source-bytes-max 64MiB`), the environment',
  '(`PILEUS_SOURCE_BYTES_MAX=64MiB`), the configuration file (`sourceBytesMax: 64MiB`), its default. The file is named by',
  '`-c FILE` or `PILEUS_CONFIG`; with neither, and no folder on the command line, `pileus.yaml` in the current folder is',
  'read where there is one.',
  '',
  '- Sizes take `B`, `kB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, `GiB`, `TiB`; times take `ms`, `s`, `min`, `h`, `d`. A bare',
  '  number is in the unit of the table.',
  '- Lists are lists in the file, and separated by commas in flags and variables. A flag of yes or no is `--access-log` or',
  '  `--no-access-log`.',
  '- Relative paths start from the folder of the file, or from the current folder in flags and variables.',
  '- An unknown name is a fault, and every fault is reported at once with its place. `pileus check-config` does it without',
  '  starting.',
  '- SIGHUP reads everything again, all or nothing. `live` options, namespaces, presets and assets change at once; a changed',
  '  `restart` option refuses the reload, and needs SIGUSR2 or a new start.',
  '',
];

const exampleSection = (example: string): string[] => [
  '## The file',
  '',
  'docs/pileus.example.yaml:',
  '',
  '```yaml',
  example.trimEnd(),
  '```',
  '',
];

type NamespaceKey = Exclude<keyof NamespaceConfig, 'name'>;

const namespaceRows: Readonly<Record<NamespaceKey, readonly [string, string]>> = {
  origin: [
    'needed',
    'A folder, a URL, or a mapping: `kind: file` with `root` (may be a link; it is followed anew every second); `kind: http` with `baseUrl`, `headers` (sent with each request, dropped when a redirect changes the host), `redirectHosts` (`name` or `name:port` that redirects may lead to), `allowAddresses` (ranges that may be dialled although they are private; an address written in `baseUrl` is allowed by itself).',
  ],
  presets: ['`all`', 'Presets that URLs may use here: `all`, or a list of names.'],
  keys: [
    'none',
    'At most eight, each `kid` (one character, a-z or 0-9) and `secret` (16 characters or more; a `$` and a name in braces takes it from the environment). With keys, unsigned URLs are held to presets and the ladder.',
  ],
  ladder: [defaultLadder.join(', '), 'Sizes that unsigned URLs may use where there are keys.'],
  protectOriginals: ['false', '`~orig` is refused, signed or not.'],
  explain: ['false', '`~explain.json` and `~avg.json` are answered without a signature although there are keys.'],
  maxAgeS: ['86400', 'Cache-Control max-age of results, in seconds; 0 to a year.'],
  cors: [
    'none',
    '`origins` (`*` or a list such as `https://www.example.com`) and `maxAgeS` of preflight answers (600).',
  ],
  truncated: ['error', '`ok`: a still picture that is cut short is served as far as it goes.'],
  animated: ['true', 'Animations are kept where the output can hold them.'],
  limits: ['none', `Options that hold for this namespace: ${namespaceLimits.map(code).join(', ')}.`],
};

const structure = (): string[] => [
  '### namespaces',
  '',
  'A name (1 to 32 of a-z, 0-9 and `-`; `-` alone is reserved) and:',
  '',
  ...table(
    ['key', 'default', 'meaning'],
    Object.entries(namespaceRows).map(([key, row]) => [code(key), ...row]),
  ),
  '',
  'Without a file `pileus serve ./photos` makes the namespace `photos`; `name=./folder` names it, and',
  '`--origin name=https://host/path/` makes one of an HTTP origin. Beside a file they add to it.',
  '',
  '### presets',
  '',
  'A name (1 to 32 of a-z, 0-9 and `-`, beginning with a letter; `info`, `explain`, `orig` and `avg` are views) and a plan of',
  'the native grammar (docs/url.md): as text, or as `spec` with `overrides`, the operations that a URL may add after the name.',
  '`dpr` may always be added. Without a file there are these:',
  '',
  ...table(
    ['preset', 'plan'],
    Object.values(defaultPresets).map(({ name, spec }) => [code(name), code(spec)]),
  ),
  '',
  '### assets',
  '',
  'A name (1 to 32 of a-z, 0-9 and `-`) and the path of a picture of at most 16 MiB, for watermarks, or of a font (`.ttf`, `.otf`,',
  '`.ttc`: its first face) of at most 32 MiB, for text. It is read when the configuration is loaded; a changed file takes effect',
  'with the next reload. Text is drawn in a registered font alone, never in those of the machine: a character that it does not have is',
  'a box. The engine reads fonts from files, so workers write them to a folder of their own among the temporary files.',
  '',
];

function groupSection({ title, first }: (typeof optionGroups)[number], index: number): string[] {
  const next = optionGroups[index + 1]?.first;
  const end = next === undefined ? optionNames.length : optionNames.indexOf(next);
  const names = optionNames.slice(optionNames.indexOf(first), end);
  const head = ['option', 'environment', 'flag', 'type', 'default', 'range', 'change', 'meaning'];
  return [`## ${title}`, '', ...table(head, names.map(optionRow)), ''];
}

function optionRow(name: OptionName): string[] {
  const spec = optionSpec(name);
  const flag =
    spec.type === 'bool'
      ? `${code(flagName(name))}, ${code(flagName(name).replace('--', '--no-'))}`
      : code(flagName(name));
  return [
    code(name),
    code(environmentName(name)),
    flag,
    typeOf(spec),
    defaultOf(spec),
    rangeOf(spec),
    spec.apply,
    spec.doc,
  ];
}

const typeOf = (spec: OptionSpec): string => (spec.unit === undefined ? spec.type : `${spec.type}, ${spec.unit}`);

function defaultOf(spec: OptionSpec): string {
  if (typeof spec.default === 'number') return formatAmount(spec.default, spec.unit);
  return spec.default.toString() === '' ? 'empty' : String(spec.default);
}

function rangeOf(spec: OptionSpec): string {
  if (spec.type === 'enum') return spec.values.map(code).join(', ');
  if (spec.type !== 'int' && spec.type !== 'number') return '';
  return `${formatAmount(spec.min, spec.unit)} to ${formatAmount(spec.max, spec.unit)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

/** Where the example lies, seen from this file in src/ and in dist/. */
export const exampleUrl = new URL('../../docs/pileus.example.yaml', import.meta.url);

writeDocument(import.meta.url, 'configuration.md', () => describeOptions(readFileSync(exampleUrl, 'utf8')));

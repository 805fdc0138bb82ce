import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { MiB } from '../shared/units.ts';
import type { Meaning, Others, Value } from './imgproxy-variable.ts';

/** How the texts of imgproxy's variables become values: what imgproxy-variables.ts is made of. */

/** Where the settings of the one mount stand. */
export const mount = 'dialects.0';

type Read = (text: string, others: Others) => Meaning;

/** As Go's strconv.ParseBool. */
const isTrue = (text: string): boolean => /^(?:1|t|true)$/i.test(text);

export const flag =
  (path: string): Read =>
  (text) => [[path, isTrue(text)]];

/** The value where the variable is true, nothing where it is not. */
export const flagged =
  (path: string, value: Value): Read =>
  (text) =>
    isTrue(text) ? [[path, value]] : [];

export const number =
  (path: string, times = 1): Read =>
  (text) => {
    const value = Number(text) * times;
    return Number.isFinite(value) ? [[path, value]] : 'expected a number';
  };

/** 0 is no limit there; here everything has one, the largest that is possible. */
export const limit =
  (path: string, largest: number): Read =>
  (text) =>
    Number(text) === 0 ? [[path, largest]] : number(path)(text, nobody);

const nobody: Others = () => '';

export const text =
  (path: string): Read =>
  (given) => [[path, given]];

export const list =
  (path: string): Read =>
  (given) => [[path, split(given, ',')]];

const split = (given: string, separator: string): readonly string[] =>
  given
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Any value is a fault. */
export const refused =
  (reason: string): Read =>
  () =>
    reason;

/** A fault where it is asked for; to say no costs nothing. */
export const refusedIfTrue =
  (reason: string): Read =>
  (given) =>
    isTrue(given) ? reason : [];

/** A fault unless it says what is done anyway. */
export const refusedUnless =
  (usual: readonly string[], reason: string): Read =>
  (given) =>
    usual.includes(given.toLowerCase()) ? [] : reason;

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080` as two options. */
export const address =
  (host: string, port: string): Read =>
  (given) => {
    const match = /^(?:\[?([^\]]*?)\]?)?:(\d{1,5})$/.exec(given);
    if (match === null) return 'expected an address such as :8080 or 127.0.0.1:8080';
    return [
      [host, match[1] === undefined || match[1] === '' ? '0.0.0.0' : match[1]],
      [port, Number(match[2])],
    ];
  };

/** A picture is given up, and then killed, before its request is answered without it. */
export const requestTime: Read = (given) => {
  const requestMs = 1000 * Number(given);
  if (!(requestMs > 0)) return 'expected seconds';
  const hardMs = Math.round(0.9 * requestMs);
  return Object.entries({ requestMs, hardMs, softMs: hardMs - 1000 });
};

/** A part of a fetch takes no longer than the whole, and that no longer than the request, which has to be answered. */
export const fetchTime: Read = (given, others) => {
  const ms = Number(given) * 1000;
  if (!(ms > 0)) return 'expected seconds';
  const requestMs = 1000 * Number(others('TIMEOUT') || others('WRITE_TIMEOUT') || 10);
  const totalMs = Math.min(ms, Math.max(1, requestMs - 100));
  return [
    ['fetchTotalMs', totalMs],
    ['fetchHeadersMs', Math.min(3000, totalMs)],
    ['fetchIdleMs', Math.min(2000, totalMs)],
    ['fetchConnectMs', Math.min(1000, totalMs)],
  ];
};

/** Elsewhere nothing is found: our own grammar would go round the signatures. */
export const pathPrefix: Read = (given) => [
  [`${mount}.at`, given.startsWith('/') ? given : `/${given}`],
  ['dialects.1', { grammar: 'imgproxy', at: '/' }],
];

export const localRoot: Read = (given) => [
  ['namespaces.local', { origin: { kind: 'file', root: given } }],
  [`${mount}.sources.local`, 'local'],
];

/** `name=options,name=options`. */
export const presets =
  (name: string): Read =>
  (given, others) =>
    presetsOf(name, split(given, others('PRESETS_SEPARATOR') || ','));

/** A file of presets, one a line; lines that begin with # are remarks. */
export const presetsFile =
  (name: string): Read =>
  (path) => {
    const content = readText(path);
    return content === null
      ? 'expected a readable file of at most 1 MiB'
      : presetsOf(
          name,
          split(content, '\n').filter((line) => !line.startsWith('#')),
        );
  };

function presetsOf(name: string, entries: readonly string[]): Meaning {
  if (entries.some((entry) => !entry.includes('='))) {
    return 'expected presets such as name=option:value/option:value';
  }
  return [[`${mount}.${name}`, Object.fromEntries(entries.map((entry) => pairOf(entry)))]];
}

/** `name=value`; the value may have more of them. */
const pairOf = (entry: string): readonly [name: string, value: string] => [
  entry.slice(0, entry.indexOf('=')),
  entry.slice(entry.indexOf('=') + 1),
];

const presetsBytesMax = MiB;

function readText(path: string): string | null {
  try {
    const { size } = statSync(path);
    return size > presetsBytesMax ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** `pattern=replacement;pattern=replacement`. */
export const replacements: Read = (given) => [
  [
    `${mount}.urlReplacements`,
    split(given, ';')
      .filter((part) => part.includes('='))
      .map((part) => {
        const [pattern, replacement] = pairOf(part);
        return { pattern, replacement };
      }),
  ],
];

/** `Name=value\;Name=value`, with any separator. */
export const headers =
  (path: string): Read =>
  (given, others) => {
    const entries = split(given, others('CUSTOM_HEADERS_SEPARATOR') || '\\;');
    if (entries.some((entry) => !entry.includes('='))) return 'expected headers such as Name=value\\;Name=value';
    return [[path, Object.fromEntries(entries.map(pairOf))]];
  };

/** `jpeg=80,webp=79`. */
export const byFormat =
  (path: string): Read =>
  (given) => {
    const pairs = given.split(',').map((part) => part.split('='));
    if (pairs.some(([name, value]) => !name || !Number.isInteger(Number(value)))) {
      return 'expected pairs such as webp=79,avif=63';
    }
    const byName = pairs.map(([name = '', value]) => [ourName(name.trim()), Number(value)]);
    return [[path, Object.fromEntries(byName)]];
  };

const ourName = (name: string): string => (name === 'jpeg' ? 'jpg' : name);

/** A list of formats by imgproxy's names; a fault names those that are not among them. */
const formatsAmong =
  (names: Readonly<Record<string, string>>, problem: string) =>
  (path: string): Read =>
  (given) => {
    const wanted = split(given, ',');
    const others = wanted.filter((name) => !Object.hasOwn(names, name));
    if (others.length > 0) return `${others.join(', ')}: ${problem}, expected some of ${Object.keys(names).join(', ')}`;
    return [[path, wanted.map((name) => names[name] as string)]];
  };

const written = { jpeg: 'jpg', jpg: 'jpg', png: 'png', gif: 'gif', webp: 'webp', avif: 'avif' } as const;

/** Formats that a picture is written in when nothing else is asked for, as plans name them. */
export const outputs = formatsAmong({ ...written, tiff: 'tif' }, 'not written by preference');

/** Formats of the mount's settings, which are named as in URLs. */
export const formats = formatsAmong(
  { ...written, tiff: 'tiff', bmp: 'bmp', ico: 'ico', svg: 'svg', heic: 'heic', jxl: 'jxl' },
  'no picture format that is known here',
);

export const watermarkPath: Read = (given) => [
  ['assets.watermark', given],
  [`${mount}.watermark`, 'watermark'],
];

/** A namespace of its own, which no URL names. */
export const fallbackPath: Read = (given) => [
  ['namespaces.fallback', { origin: { kind: 'file', root: dirname(given) } }],
  [`${mount}.fallbackImage`, { namespace: 'fallback', key: basename(given) }],
];

export const watermarkUrl: Read = (given) => [[`${mount}.watermark`, { namespace: 'http', key: given }]];

export const fallbackUrl: Read = (given) => [[`${mount}.fallbackImage`, { namespace: 'http', key: given }]];

/** Their speed is the other end of our effort. */
export const avifSpeed: Read = (given) => {
  const speed = Number(given);
  if (!(speed >= 0 && speed <= 9)) return 'expected a speed from 0 to 9';
  return [['avifEffort', Math.min(4, 9 - speed)]];
};

export const sourceBytes: Read = (given) =>
  Number(given) > 0 ? [['sourceBytesMax', Math.max(1024, Number(given))]] : [];

/** One frame is no animation, and no limit on the pages of a source. */
export const animationFrames: Read = (given) =>
  Number(given) === 1
    ? [[`${mount}.animated`, false]]
    : [
        ['framesMax', Number(given)],
        [`${mount}.animated`, Number(given) > 1],
      ];

/** imgproxy follows one fewer. */
export const redirects: Read = (given) => [['originRedirectsMax', Math.max(0, Number(given) - 1)]];

export const logLevel: Read = (given) => [
  ['logLevel', { warning: 'warn', fatal: 'error', panic: 'error' }[given] ?? given],
];

export const addresses = (ranges: readonly string[]): Read =>
  flagged('namespaces.http.origin.allowAddresses', [...ranges]);

/** Results kept in a folder are results kept in a folder. */
export const cache: Read = (given, others) => {
  if (given !== 'fs') return 'results are kept in a folder (fs) or in memory';
  return others('CACHE_FS_ROOT') === '' ? 'IMGPROXY_CACHE_FS_ROOT is missing' : [['dataDir', others('CACHE_FS_ROOT')]];
};

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { addressRange } from './address-range.ts';
import type { OriginConfig } from './config.ts';
import { fillVariables } from './fill-variables.ts';
import type { CheckFolder } from './folder.ts';
import { type Faulty, faulty, isRight, type Place } from './place.ts';

/** What readers of the file need beside the value: the folder that paths start from, the environment, and how folders are checked. */
export type ReadContext = Readonly<{
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  checkFolder: CheckFolder;
}>;

/** A namespace's origin: a text (folder or URL), or a mapping with `kind`. */
export async function readOrigin(place: Place, context: ReadContext): Promise<OriginConfig | Faulty> {
  if (typeof place.value === 'string') {
    return isUrl(place.value) ? readBase(place, httpDefaults) : readRoot(place, context);
  }
  const kind = kindOf(place.value);
  const fields = place.mapping(
    kind === null ? originKeys.any : originKeys[kind],
    'a folder, a URL, or a mapping with `kind`',
  );
  if (!isRight(fields)) return faulty;
  if (kind === null) return fields.place('kind').oneOf(['file', 'http', 'url']) as Faulty;
  if (kind === 'file') return readRoot(fields.place('root'), context);
  const headers = fields.read('headers', httpDefaults.headers, (given) => readHeaders(given.secret(), context));
  if (kind === 'url') {
    const addresses = fields.read('allowAddresses', httpDefaults.allowAddresses, readAddresses);
    return isRight(headers) && isRight(addresses) ? { kind, headers, allowAddresses: addresses } : faulty;
  }
  const redirectHosts = fields.read('redirectHosts', httpDefaults.redirectHosts, readHosts);
  const allowAddresses = fields.read('allowAddresses', httpDefaults.allowAddresses, readAddresses);
  const base = readBase(fields.place('baseUrl'), httpDefaults);
  if (!isRight(headers) || !isRight(redirectHosts) || !isRight(allowAddresses) || !isRight(base)) return faulty;
  return { ...base, headers, redirectHosts, allowAddresses: [...base.allowAddresses, ...allowAddresses] };
}

const originKeys = {
  any: ['kind', 'root', 'baseUrl', 'headers', 'redirectHosts', 'allowAddresses'],
  file: ['kind', 'root'],
  url: ['kind', 'headers', 'allowAddresses'],
  http: ['kind', 'baseUrl', 'headers', 'redirectHosts', 'allowAddresses'],
} as const;

type HttpOrigin = Extract<OriginConfig, { kind: 'http' }>;
const httpDefaults: Pick<HttpOrigin, 'headers' | 'redirectHosts' | 'allowAddresses'> = {
  headers: {},
  redirectHosts: [],
  allowAddresses: [],
};

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

const kindOf = (value: unknown): OriginConfig['kind'] | null => {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return kind === 'file' || kind === 'http' || kind === 'url' ? kind : null;
};

async function readRoot(place: Place, context: ReadContext): Promise<OriginConfig | Faulty> {
  const path = place.text('a folder', /./);
  if (!isRight(path)) return faulty;
  const folder = await context.checkFolder(resolve(context.folder, path));
  return folder.ok ? { kind: 'file', root: folder.path } : place.fault(folder.problem);
}

function readBase(place: Place, rest: typeof httpDefaults): HttpOrigin | Faulty {
  const text = place.text('a URL such as https://host/path/');
  if (!isRight(text)) return faulty;
  const base = parseBaseUrl(text);
  if (!base.ok) return place.fault(base.problem);
  return { kind: 'http', baseUrl: base.url, ...rest, allowAddresses: base.ownAddresses };
}

type BaseUrl = Readonly<{ ok: true; url: string; ownAddresses: readonly string[] } | { ok: false; problem: string }>;

/**
 * An HTTP origin's base, normalised and with a slash at its end. A base that is written as an address (or as
 * `localhost`) may be dialled wherever it lies: whoever wrote it meant it. A host name that leads to a private
 * address needs `allowAddresses`.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const refuse = (problem: string): BaseUrl => ({ ok: false, problem });
  if (!URL.canParse(text)) return refuse('expected a URL such as https://host/path/, found something else');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse(`expected http: or https:, found ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') return refuse('no user and password in the URL; use `headers`');
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) return refuse('no query and no fragment in the URL');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return { ok: true, url: url.href, ownAddresses: addressesOf(url.hostname) };
}

function addressesOf(hostname: string): readonly string[] {
  if (hostname === 'localhost') return ['127.0.0.1/32', '::1/128'];
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? [] : [addressRange(address) ?? address];
}

/** Headers that belong to the connection or to pileus itself. */
const ownHeaders = new Set(
  'host connection content-length transfer-encoding te trailer upgrade expect range if-range if-match if-none-match if-modified-since if-unmodified-since accept-encoding traceparent'.split(
    ' ',
  ),
);

const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

function readHeaders(place: Place, context: ReadContext): Readonly<Record<string, string>> | Faulty {
  const entries = place.entries('header names and values');
  if (!isRight(entries)) return faulty;
  const headers: Record<string, string> = {};
  let good = true;
  for (const [name, given] of entries) {
    // What is no name is not repeated as one: it may be a value that stands in the wrong place.
    const value = headerName.test(name)
      ? readHeader(name, given, context)
      : place.nameFault(name, 'expected the name of a header');
    if (isRight(value)) headers[name.toLowerCase()] = value;
    else good = false;
  }
  return good ? headers : faulty;
}

/** The value is never repeated in a fault: it is often a secret. */
function readHeader(name: string, place: Place, context: ReadContext): string | Faulty {
  if (ownHeaders.has(name.toLowerCase())) return place.fault('this header is set by pileus itself');
  if (typeof place.value !== 'string') return place.fault('expected a text');
  const filled = fillVariables(place.value, context.env);
  if (!filled.ok) return place.fault(filled.problem);
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(filled.text)
    ? filled.text
    : place.fault('expected a text without line breaks');
}

const readHosts = (place: Place): readonly string[] | Faulty =>
  place.list('hosts', (host) => {
    const text = host.text('a host, with its port where that is not the usual one', /^[a-z0-9.-]+(:\d{1,5})?$/i);
    return isRight(text) ? text.toLowerCase() : faulty;
  });

const readAddresses = (place: Place): readonly string[] | Faulty =>
  place.list('address ranges', (range) => {
    const text = range.text('an address range such as 10.0.0.0/8');
    if (!isRight(text)) return faulty;
    return addressRange(text) ?? range.expected('an address range such as 10.0.0.0/8');
  });

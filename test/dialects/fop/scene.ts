import type { Config, MountConfig } from '../../../src/config/config.ts';
import type { ParsedRequest } from '../../../src/dialects/dialect.ts';
import { formatErrorAt, parseRequest, type RawRequest, settingsOf } from '../../../src/dialects/registry.ts';
import type { Header } from '../../../src/plan/header.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved } from '../../../src/plan/resolved.ts';
import type { PileusError } from '../../../src/shared/errors.ts';
import { makeContext, makeHeader } from '../../plan/resolve/scene.ts';
import { config as base } from '../native/sample-config.ts';

/** A mount of a grammar; its settings go through its schema, as when a configuration is loaded. */
export type Mounting = Readonly<{ namespace?: string | null; at?: string; settings?: object }>;

/** The sample configuration with one mount, by default at the open namespace `hotel`. */
export function configWith(grammar: string, { namespace = 'hotel', at, settings = {} }: Mounting = {}): Config {
  const mount: MountConfig = {
    grammar,
    at: at ?? (namespace === null ? '' : `/${namespace}`),
    namespace,
    settings: settingsOf(grammar).parse(settings),
  };
  return { ...base, mounts: [mount] };
}

export const nowS = 1_760_000_000;

/** A request for a path with its query. */
export function requestFor(url: string, changes: Partial<RawRequest> = {}): RawRequest {
  const query = url.indexOf('?');
  return {
    rawPath: query < 0 ? url : url.slice(0, query),
    rawQuery: query < 0 ? null : url.slice(query + 1),
    accept: '',
    headers: {},
    origin: 'http://localhost',
    nowS,
    ...changes,
  };
}

export const parseUrl = (url: string, config: Config, changes: Partial<RawRequest> = {}): ParsedRequest =>
  parseRequest(requestFor(url, changes), config);

/** The picture of the published vectors. */
export const gopher: Partial<Header> = { width: 640, height: 427, quality: 85 };

/** A URL of `hotel` on a source with this header, in integers. */
export const resolveUrl = (url: string, config: Config, header: Partial<Header>): Resolved =>
  resolve(parseUrl(url, config).plan, makeHeader(header), makeContext());

/** The same for a chain of operations. */
export const resolverOf =
  (config: Config) =>
  (chain: string, header: Partial<Header> = gopher): Resolved =>
    resolveUrl(`/hotel/a.jpg?${chain}`, config, header);

/** `300x200`, as it comes out of a chain. */
export const sizerOf = (config: Config) => (chain: string, header?: Partial<Header>) => {
  const { width, height } = resolverOf(config)(chain, header);
  return `${width}x${height}`;
};

/** What both vendors publish of that picture. */
export const publishedSizes: readonly (readonly [chain: string, size: string])[] = [
  ['imageView2/1/w/200/h/200', '200x200'],
  ['imageView2/2/w/200', '200x133'],
  ['imageView2/2/h/200', '300x200'],
  ['imageMogr2/thumbnail/!75p', '480x320'],
  ['imageMogr2/thumbnail/700x', '700x467'],
  ['imageMogr2/thumbnail/x467', '700x467'],
  ['imageMogr2/thumbnail/300x300', '300x200'],
  ['imageMogr2/thumbnail/!200x200r', '300x200'],
  ['imageMogr2/thumbnail/200x300!', '200x300'],
  ['imageMogr2/thumbnail/200x300>', '200x133'],
  ['imageMogr2/thumbnail/700x600<', '700x467'],
  ['imageMogr2/crop/300x', '300x427'],
  ['imageMogr2/crop/x200', '640x200'],
  ['imageMogr2/crop/300x300', '300x300'],
];

export const errorAt = (url: string, config: Config, error: PileusError) =>
  formatErrorAt(requestFor(url), config, error, 'request-1');

export const base64 = (text: string): string => Buffer.from(text).toString('base64url');

import type { Config } from '../../../src/config/config.ts';
import type { FormattedError, ParsedRequest } from '../../../src/dialects/dialect.ts';
import { iiifSettings } from '../../../src/dialects/iiif/settings.ts';
import { formatErrorAt, parseRequest, type RawRequest } from '../../../src/dialects/registry.ts';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import type { Header } from '../../../src/plan/header.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved } from '../../../src/plan/resolved.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { makeContext, makeHeader, makeOptions } from '../../plan/resolve/scene.ts';
import { config as native, refusal } from '../native/sample-config.ts';

type Settings = Readonly<Record<string, unknown>>;

const mount = (at: string, namespace: string | null, settings: Settings = {}) => ({
  grammar: 'iiif',
  at,
  namespace,
  settings: iiifSettings.parse(settings),
});

/** The native tests' namespaces, mounted in every way; longest places first. */
export const config: Config = {
  ...native,
  mounts: [
    mount('/iiif/3strict', 'hotel', { upscaling: false }),
    mount('/iiif/3keep', 'hotel', { confined: 'keep' }),
    mount('/iiif/2up', 'hotel', { version: 2, upscaling: true }),
    mount('/iiif/open', 'fd', { open: true }),
    mount('/public', 'hotel', { publicUrl: 'https://images.example.org/shop' }),
    mount('/iiif/3', 'hotel'),
    mount('/iiif/2', 'hotel', { version: 2 }),
    mount('/narrow', 'narrow'),
    mount('/keyed', 'fd'),
    mount('/tiled', 'hotel', { tileWidth: 256, tileHeight: 128 }),
    mount('/all', null),
    mount('', null),
  ],
};

export const request = (rawPath: string, changes: Partial<RawRequest> = {}): RawRequest => ({
  rawPath,
  rawQuery: null,
  accept: '',
  headers: {},
  origin: 'http://example.org',
  nowS: 1_760_000_000,
  ...changes,
});

export const ask = (rawPath: string, changes: Partial<RawRequest> = {}): ParsedRequest =>
  parseRequest(request(rawPath, changes), config);

export const refusalAt = (rawPath: string, changes: Partial<RawRequest> = {}) => refusal(() => ask(rawPath, changes));

/** The integers of a picture: `parameters` behind the identifier, at version 3 unless told otherwise. */
export const made = (parameters: string, header: Partial<Header> = {}, at = '/iiif/3'): Resolved =>
  resolve(
    ask(`${at}/a.jpg/${parameters}`).plan,
    makeHeader(header),
    makeContext({ options: makeOptions(at === '/narrow' ? { resultSideMax: 1000 } : {}) }),
  );

/** Width and height, or the status that a client sees. */
export function outcome(parameters: string, header: Partial<Header> = {}, at = '/iiif/3'): readonly number[] | number {
  try {
    const { width, height } = made(parameters, header, at);
    return [width, height];
  } catch (error) {
    if (!isPileusError(error)) throw error;
    return answerTo(`${at}/a.jpg/${parameters}`, error).status;
  }
}

/** The answer to an error at a path. */
export function answerTo(rawPath: string, error: Parameters<typeof formatErrorAt>[2]): FormattedError {
  const formatted = formatErrorAt(request(rawPath), config, error, 'id-1');
  if (formatted === null) throw new Error('not an error of this grammar');
  return formatted;
}

/** info.json of a path for a source of this header. */
export function infoAt(rawPath: string, header: Partial<Header> = {}, accept = '') {
  const { plan } = ask(rawPath, { accept });
  if (plan.report === undefined) throw new Error('no report');
  const facts = { version: 'v1', bytes: 1000, header: makeHeader(header), modifiedMs: null };
  const { body, ...rest } = reportWriter(plan.report.as)(facts, plan.report.args);
  return { ...rest, body: JSON.parse(body) as Record<string, unknown> };
}

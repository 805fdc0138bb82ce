import type { Config, MountConfig } from '../../../src/config/config.ts';
import type { ParsedRequest } from '../../../src/dialects/dialect.ts';
import type { OssSettings } from '../../../src/dialects/oss/settings.ts';
import { formatErrorAt, parseRequest, type RawRequest, settingsOf } from '../../../src/dialects/registry.ts';
import type { Header } from '../../../src/plan/header.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved } from '../../../src/plan/resolved.ts';
import type { PileusError } from '../../../src/shared/errors.ts';
import { makeContext, makeHeader } from '../../plan/resolve/scene.ts';
import { config } from '../native/sample-config.ts';

export const mountOf = (
  grammar: string,
  namespace: string | null,
  at: string,
  settings: Readonly<Record<string, unknown>> = {},
): MountConfig => ({ grammar, at, namespace, settings: settingsOf(grammar).parse(settings) });

/** The sample namespaces with these grammars mounted, the longest place first. */
export const mounting = (...mounts: readonly MountConfig[]): Config => ({ ...config, mounts });

export const requestOf = (url: string): RawRequest => {
  const question = url.indexOf('?');
  return {
    rawPath: question < 0 ? url : url.slice(0, question),
    rawQuery: question < 0 ? null : url.slice(question + 1),
    accept: '',
    headers: {},
    origin: 'http://localhost',
    nowS: 1_760_000_000,
  };
};

export const parseAt = (url: string, at: Config): ParsedRequest => parseRequest(requestOf(url), at);

/** An error as the grammar at this URL writes it. */
export const formattedAt = (url: string, at: Config, error: PileusError) =>
  formatErrorAt(requestOf(url), at, error, 'req-1');

const ossMount = (settings: Partial<OssSettings> = {}, namespace = 'hotel'): Config =>
  mounting(mountOf('oss', namespace, `/${namespace}`, settings));

/** Parses a process on an ordinary key of an open namespace. */
export const parseProcess = (text: string, settings: Partial<OssSettings> = {}, namespace = 'hotel'): ParsedRequest =>
  parseAt(`/${namespace}/a.jpg?x-oss-process=${text}`, ossMount(settings, namespace));

/** What a plan comes to on a picture (a JPEG unless told otherwise). */
export const resolved = (parsed: ParsedRequest, header: Partial<Header> = {}): Resolved =>
  resolve(parsed.plan, makeHeader(header), makeContext());

/** Resolves `image/<actions>` on a picture of this size. */
export const resolveActions = (actions: string, width: number, height: number, header: Partial<Header> = {}) =>
  resolved(parseProcess(`image/${actions}`), { width, height, ...header });

/** `300x200`, of what `image/<actions>` makes of a picture of this size. */
export function sizeAfter(actions: string, width: number, height: number, header: Partial<Header> = {}): string {
  const { width: w, height: h } = resolveActions(actions, width, height, header);
  return `${w}x${h}`;
}

export { ossMount };

import type { SourceRef } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { checkKey } from '../native/source-key.ts';
import { decrypt } from './decrypt.ts';
import { invalidUrl } from './invalid-url.ts';

export type SourceSettings = Readonly<{
  /** Namespaces by scheme: `local` has its keys behind `local:///`, `http` takes whole URLs. */
  sources: Readonly<{ local: string | null; http: string | null }>;
  baseUrl: string;
  /** Applied in order to the source's beginning; `*` is anything but a slash. */
  urlReplacements: readonly Readonly<{ pattern: string; replacement: string }>[];
  /** Beginnings that sources must have; `*` is anything but a slash. Empty: any. */
  allowedSources: readonly string[];
}>;

/**
 * The same of an encrypted one. Everything that is wrong with it is one error, that of a source which is not there: otherwise the answers would
 * tell, bit by bit, what the text is. Throws source_not_found.
 */
export function encryptedSource(
  encrypted: string,
  settings: SourceSettings & Readonly<{ sourceUrlEncryptionKey: string }>,
): SourceRef {
  const { sourceUrlEncryptionKey: key } = settings;
  const text = key === '' ? null : decrypt(encrypted, key);
  try {
    if (text !== null) return sourceOf(text, settings);
  } catch {}
  throw new PileusError('source_not_found');
}

/** Which original a source's URL names. Throws bad_url, and source_unreachable's kin for schemes that lead nowhere. */
export function sourceOf(text: string, settings: SourceSettings): SourceRef {
  const { baseUrl, allowedSources, sources } = settings;
  const replaced = settings.urlReplacements.reduce(replace, text);
  const url = baseUrl === '' || replaced.startsWith(baseUrl) ? replaced : baseUrl + replaced;
  if (allowedSources.length > 0 && !allowedSources.some((pattern) => startOf(pattern).test(url))) {
    throw new PileusError('origin_unreachable', { detail: 'This source is not among those that are allowed.' });
  }
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):\/\/(.*)$/is.exec(url) ?? [];
  if (scheme === 'local' && sources.local !== null) {
    const key = rest.replace(/^\/+/, '');
    checkKey(key);
    return { ns: sources.local, key };
  }
  if ((scheme === 'http' || scheme === 'https') && sources.http !== null) {
    if (!URL.canParse(url)) throw invalidUrl('the source is no URL');
    return { ns: sources.http, key: url };
  }
  throw new PileusError('source_not_found', { detail: 'Nothing is configured for this kind of source.' });
}

const replace = (url: string, { pattern, replacement }: Readonly<{ pattern: string; replacement: string }>): string =>
  url.replace(startOf(pattern), () => replacement);

/** The pattern at the beginning of a text. Linear: each `*` ends at the next slash. */
function startOf(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const made = new RegExp(`^${escaped.join('[^/]*')}`);
  if (compiled.size < patternsMax) compiled.set(pattern, made);
  return made;
}

const patternsMax = 1000;
const compiled = new Map<string, RegExp>();

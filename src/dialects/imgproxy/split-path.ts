import { PileusError } from '../../shared/errors.ts';
import { invalidUrl } from './invalid-url.ts';

/** A path behind the mount, cut up. Everything but the source is as received. */
export type SplitPath = Readonly<{
  signature: string;
  /** What the signature is made over: the rest of the path, its slash included. */
  signed: string;
  /** The options: names and arguments between the separators. */
  options: readonly (readonly string[])[];
  source: SplitSource;
}>;

/** The source's URL, decoded, and the extension behind it. */
export type SplitSource = Readonly<{
  url: string;
  extension: string | null;
  /** `url` is still base64url of the encrypted one. */
  isEncrypted: boolean;
}>;

export type SplitSettings = Readonly<{
  argumentsSeparator: string;
  onlyPresets: boolean;
  base64UrlIncludesFilename: boolean;
  /** Without keys an option in the signature's place is a mistake worth explaining. */
  isSigned: boolean;
}>;

/**
 * Cuts up `/%signature/%options/plain/%url@%extension` or `/%signature/%options/%base64url.%extension`. What proxies do to
 * such paths is undone first: `%3A` for a colon among the options, `http:/host` for `http://host`.
 *
 * Throws bad_url, and signature_missing where the signature's place holds an option.
 */
export function splitPath(path: string, settings: SplitSettings): SplitPath {
  const cut = path.indexOf('/', 1);
  if (!path.startsWith('/') || cut < 0) throw invalidUrl('expected /<signature>/<options>/<source>');
  const signature = path.slice(1, cut);
  if (!settings.isSigned && signature.includes(settings.argumentsSeparator)) {
    throw new PileusError('signature_missing', {
      detail: 'The path has no signature part: without keys put any text there, like `unsafe`.',
    });
  }
  const signed = restored(path.slice(cut));
  const parts = signed.slice(1).split('/');
  const [first = ''] = parts;
  if (legacyTypes.has(first)) throw invalidUrl('the basic URL format is not supported any more');
  const { options, rest } = settings.onlyPresets
    ? { options: [['preset', ...first.split(settings.argumentsSeparator)]], rest: parts.slice(1) }
    : splitOptions(parts, settings.argumentsSeparator);
  return { signature, signed, options, source: splitSource(rest, settings) };
}

/** Resize types that once stood as segments of their own. */
const legacyTypes: ReadonlySet<string> = new Set(['fit', 'fill', 'fill-down', 'force', 'auto']);

/** Undoes what proxies do: encoded colons before the source, and slashes that were merged. */
function restored(path: string): string {
  const plainAt = path.indexOf('/plain/');
  const options = plainAt < 0 ? path : path.slice(0, plainAt);
  const source = plainAt < 0 ? '' : path.slice(plainAt);
  return (
    options.replaceAll(/%3A/gi, ':') +
    source.replace(/^(\/plain\/)(local|[a-z0-9]+)(:|%3A)\/(?=[^/])/i, (whole, plain, scheme) =>
      scheme.toLowerCase() === 'local'
        ? `${plain}${scheme}:///`
        : whole.includes('%3A')
          ? whole
          : `${plain}${scheme}://`,
    )
  );
}

/** Options end at the first segment without a separator, other than that between two pipelines. */
function splitOptions(parts: readonly string[], separator: string) {
  const options: string[][] = [];
  let at = 0;
  for (; at < parts.length; at++) {
    const words = (parts[at] as string).split(separator);
    if (words.length === 1 && words[0] !== '-') break;
    options.push(words);
  }
  return { options, rest: parts.slice(at) };
}

function splitSource(parts: readonly string[], { base64UrlIncludesFilename }: SplitSettings): SplitSource {
  const [first] = parts;
  if (first === undefined || parts.join('') === '') throw invalidUrl('the source is missing');
  if (first === 'plain') return { ...splitPlain(parts.slice(1).join('/')), isEncrypted: false };
  const isEncrypted = first === 'enc';
  const texts = parts.slice(isEncrypted ? 1 : 0, base64UrlIncludesFilename ? -1 : undefined);
  const { text, extension } = splitBase64(texts.join(''));
  return { url: isEncrypted ? text : Buffer.from(text, 'base64url').toString('utf8'), extension, isEncrypted };
}

function splitPlain(text: string): Omit<SplitSource, 'isEncrypted'> {
  const [encoded = '', extension = '', ...more] = text.split('@');
  if (more.length > 0) throw invalidUrl('the source has more than one @: encode those of its own as %40');
  const url = decoded(encoded);
  if (url === '') throw invalidUrl('the source is empty');
  return { url, extension: extension === '' ? null : extension };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrl('the source is not well encoded');
  }
}

function splitBase64(given: string): Readonly<{ text: string; extension: string | null }> {
  const [encoded = '', extension = '', ...more] = given.split('.');
  if (more.length > 0) throw invalidUrl('the source has more than one extension');
  const bare = encoded.replace(/=+$/, '');
  if (bare === '' || !/^[A-Za-z0-9_-]+$/.test(bare)) throw invalidUrl('the source is not base64url');
  return { text: bare, extension: extension === '' ? null : extension };
}

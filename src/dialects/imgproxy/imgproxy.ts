import { timingSafeEqual } from 'node:crypto';
import type { Config, NamespaceConfig } from '../../config/config.ts';
import { marksOf } from '../../plan/marks.ts';
import { negotiate } from '../../plan/negotiate.ts';
import type { Negotiated } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { AnswerWish, Dialect, DialectParse, DialectRequest, FallbackWish, Mounted } from '../dialect.ts';
import { namespaceOf } from '../native/native.ts';
import { checkOriginal } from '../source-of-mount.ts';
import { hintHeaders, hintVary, readHints } from './client-hints.ts';
import { formatError } from './errors.ts';
import { readWanted } from './formats.ts';
import { infoPlan } from './info.ts';
import { mountSettings } from './mount-settings.ts';
import { readPipelines } from './options.ts';
import { corsOf, pageOf } from './pages.ts';
import { cutPresets } from './presets.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ImgproxySettings } from './settings.ts';
import { checkSignature } from './signature.ts';
import { encryptedSource, sourceOf } from './source.ts';
import { splitPath } from './split-path.ts';
import { toPlan } from './to-plan.ts';

/** imgproxy 4's grammar: `/%signature/%options/plain/%url@%extension`, base64 sources, presets. See docs/dialects/imgproxy.md. */
export const imgproxyDialect: Dialect<ImgproxySettings> = {
  name: 'imgproxy',
  settings: mountSettings,
  namespaces: ({ watermark, fallbackImage }) =>
    [watermark, fallbackImage].flatMap((place) => (place === null || typeof place === 'string' ? [] : place.namespace)),
  headers: ({ enableClientHints }) => ['authorization', ...(enableClientHints ? hintHeaders : [])],
  match: () => true,
  page: pageOf,
  parse,
  formatError: (error, _requestId, { settings }) => formatError(error, corsOf(settings)),
};

function parse(request: DialectRequest, { settings }: Mounted<ImgproxySettings>, config: Config): DialectParse {
  checkSecret(request.headers.authorization, settings.secret);
  if (settings.info && request.rest.startsWith('/info/')) return parseInfo(request, settings, config);
  const path = splitPath(request.rest, { isSigned: settings.keys.length > 0, ...settings });
  checkSignature(path.signature, path.signed, settings);
  const pipelines = pipelinesOf(path.options, settings, request);
  const options = pipelines.at(-1) as ProcessingOptions;
  if (path.source.extension !== null && !options.raw) options.format = readWanted('extension', path.source.extension);
  const { url, isEncrypted } = path.source;
  const source = isEncrypted ? encryptedSource(url, settings) : sourceOf(url, settings);
  authorise(namespaceOf(config, source.ns), options, settings);
  const fallback = fallbackOf(options, settings, request.nowS);
  if (fallback !== null) authorise(namespaceOf(config, fallback.source.ns), options, settings);
  const negotiated = negotiatedFor(request.accept, options.format, settings);
  const plan = toPlan(pipelines, settings, negotiated);
  for (const mark of marksOf(plan)) checkSigned(namespaceOf(config, mark.ns), settings);
  return {
    source,
    plan,
    negotiated,
    presets: options.presets,
    signed: settings.keys.length > 0,
    expiresAtS: options.expiresAtS,
    answer: {
      ...answerOf(options, isEncrypted ? '' : url, settings, request.nowS),
      ...(fallback === null ? {} : { fallback }),
    },
  };
}

/** `/info/%signature/%info_options/%source`: what is known of a source, as JSON. */
function parseInfo(request: DialectRequest, settings: ImgproxySettings, config: Config): DialectParse {
  const path = splitPath(request.rest.slice('/info'.length), {
    ...settings,
    onlyPresets: settings.infoOnlyPresets,
    isSigned: settings.keys.length > 0,
  });
  checkSignature(path.signature, path.signed, settings);
  const context = {
    settings,
    presets: cutPresets(settings.infoPresets, settings.argumentsSeparator),
    nowS: request.nowS,
  };
  const { plan, presets, expiresAtS } = infoPlan(path.options, context);
  const { url, isEncrypted } = path.source;
  const source = isEncrypted ? encryptedSource(url, settings) : sourceOf(url, settings);
  checkSigned(namespaceOf(config, source.ns), settings);
  const headers = { 'cache-control': cacheControl(settings.ttlS, expiresAtS, request.nowS) };
  return { source, plan, presets, signed: settings.keys.length > 0, expiresAtS, answer: { headers } };
}

/** Signatures of this grammar are as good as ours; without keys of its own a mount is no way around a namespace's. */
function checkSigned(namespace: NamespaceConfig, settings: ImgproxySettings): void {
  if (namespace.keys.length > 0 && settings.keys.length === 0) throw new PileusError('signature_missing');
}

function authorise(namespace: NamespaceConfig, options: ProcessingOptions, settings: ImgproxySettings): void {
  checkSigned(namespace, settings);
  const wantsOriginal = options.raw || options.skipProcessing.length > 0;
  if (wantsOriginal) checkOriginal(namespace);
}

function checkSecret(given: string | undefined, secret: string): void {
  if (secret === '') return;
  const right = Buffer.from(`Bearer ${secret}`);
  const got = Buffer.from(given ?? '');
  if (got.length !== right.length || !timingSafeEqual(got, right)) throw new PileusError('signature_invalid');
}

function pipelinesOf(
  given: readonly (readonly string[])[],
  settings: ImgproxySettings,
  { headers, nowS }: DialectRequest,
): readonly ProcessingOptions[] {
  const { width, dpr } = settings.enableClientHints ? readHints(headers) : noHints;
  const { allowSecurityOptions, maxChainedPipelines: maxPipelines } = settings;
  const allowed = settings.onlyPresets ? [] : settings.allowedProcessingOptions;
  const { autoRotate, stripMetadata, keepCopyright, stripColorProfile, preserveHdr, skipProcessing } = settings;
  const { returnAttachment: attachment, maxResultDimension: sideMax } = settings;
  return readPipelines(
    given,
    {
      autoRotate,
      stripMetadata,
      keepCopyright,
      stripColorProfile,
      preserveHdr,
      attachment,
      sideMax,
      unsharp: {
        mode: settings.unsharpMaskingMode,
        weight: settings.unsharpMaskingWeight,
        divider: settings.unsharpMaskingDivider,
      },
      skipProcessing,
      ...(width === null ? {} : { width }),
      ...(dpr === null ? {} : { dpr }),
    },
    {
      presets: cutPresets(settings.presets, settings.argumentsSeparator),
      allowed,
      allowSecurityOptions,
      maxPipelines,
      nowS,
    },
  );
}

const noHints = { width: null, dpr: null };

/** What Accept may decide here; null where it has no say at all. A format in the URL gives way only to what is enforced. */
function negotiatedFor(
  accept: string,
  format: ProcessingOptions['format'],
  { autoAvif, autoWebp, enforceAvif, enforceWebp }: ImgproxySettings,
): Negotiated | null {
  if (!autoAvif && !autoWebp && !enforceAvif && !enforceWebp) return null;
  const isFree = format === null || format === 'best';
  const best = negotiate(accept, { avifAlone: true });
  if (best === 'avif' && (enforceAvif || (autoAvif && isFree))) return 'avif';
  return negotiate(accept) !== 'plain' && (enforceWebp || (autoWebp && isFree)) ? 'webp' : 'plain';
}

/** imgproxy's order of the words; never longer than the URL lives. */
function cacheControl(ttlS: number, expiresAtS: number | null, nowS: number): string {
  const maxAgeS = Math.floor(Math.min(ttlS, expiresAtS === null ? ttlS : expiresAtS - nowS));
  return maxAgeS > 0 ? `max-age=${maxAgeS}, public` : 'no-cache';
}

/** The picture that stands in: the URL's own, else the mount's, with its own time to live where it has one. */
function fallbackOf(options: ProcessingOptions, settings: ImgproxySettings, nowS: number): FallbackWish | null {
  const { fallbackImage, fallbackImageHttpCode: status, fallbackImageTtlS: ttlS } = settings;
  const source =
    options.fallbackUrl !== null
      ? sourceOf(options.fallbackUrl, settings)
      : fallbackImage && { ns: fallbackImage.namespace, key: fallbackImage.key };
  if (source === null) return null;
  return {
    source,
    status,
    headers: { 'cache-control': cacheControl(ttlS || settings.ttlS, options.expiresAtS, nowS) },
  };
}

/** `url` is that of the source, '' where nobody is to learn it. */
function answerOf(options: ProcessingOptions, url: string, settings: ImgproxySettings, nowS: number): AnswerWish {
  const isHttp = /^https?:/.test(url);
  const { cacheControlPassthrough: originCaching } = settings;
  const { useEtag, useLastModified, lastModifiedBuster, enableDebugHeaders, enableClientHints } = settings;
  return {
    tells: {
      etag: useEtag,
      originCaching,
      originConditions: useEtag || useLastModified,
      sizes: enableDebugHeaders,
      ...(useLastModified ? { lastModifiedMinMs: Date.parse(lastModifiedBuster) || 0 } : {}),
    },
    disposition: { kind: options.attachment ? 'attachment' : 'inline', name: options.filename ?? nameIn(url) },
    headers: {
      'cache-control': cacheControl(settings.ttlS, options.expiresAtS, nowS),
      'content-security-policy': contentPolicy,
      ...corsOf(settings),
      ...(settings.setCanonicalHeader && isHttp ? { link: `<${url}>; rel="canonical"` } : {}),
      ...lowerCased(settings.responseHeaders),
    },
    ...(enableClientHints ? { vary: hintVary } : {}),
  };
}

const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** A picture may be a document with scripts in it; this keeps them from running. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/** The last segment of the source's path without its extension; `image` where there is none. */
function nameIn(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  const dot = last.lastIndexOf('.');
  return (dot > 0 ? last.slice(0, dot) : last) || 'image';
}

import { z } from 'zod';
import { unsharpMax, unsharpMin } from '../../plan/resolve/unsharp.ts';
import { autoqualitySettings, encoderSettings } from './encoder-settings.ts';
import { formatNames } from './processing-options.ts';

const hex = z.string().regex(/^(?:[0-9a-fA-F]{2})+$/, 'expected hexadecimal digits');
const formatName = z.enum(formatNames);
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a text without line breaks');
const date = z.string().refine((text) => text === '' || !Number.isNaN(Date.parse(text)), 'expected a date');
const quality = z.number().int().min(1).max(100);

const unsharp = z.number().min(unsharpMin).max(unsharpMax);

/** What a mount of this grammar may set: the names are those of the environment variables without their prefix. Presets are unread. */
export const imgproxySettings = z
  .strictObject({
    sources: z
      .strictObject({ local: z.string().nullable().default(null), http: z.string().nullable().default(null) })
      .default({ local: null, http: null }),
    keys: z.array(hex).default([]),
    salts: z.array(hex).default([]),
    signatureSize: z.number().int().min(1).max(32).default(32),
    trustedSignatures: z.array(z.string()).default([]),
    sourceUrlEncryptionKey: z
      .union([z.literal(''), hex.refine((key) => [32, 48, 64].includes(key.length), 'expected 16, 24 or 32 bytes')])
      .default(''),
    secret: z.string().default(''),
    argumentsSeparator: z.string().min(1).max(8).default(':'),
    onlyPresets: z.boolean().default(false),
    presets: z.record(z.string(), z.string()).default({}),
    /** Those of `/info` are its own. */
    infoPresets: z.record(z.string(), z.string()).default({}),
    infoOnlyPresets: z.boolean().default(false),
    allowedProcessingOptions: z.array(z.string()).default([]),
    allowedInfoOptions: z.array(z.string()).default([]),
    allowSecurityOptions: z.boolean().default(false),
    maxChainedPipelines: z.number().int().min(0).max(16).default(0),
    base64UrlIncludesFilename: z.boolean().default(false),
    baseUrl: z.string().default(''),
    urlReplacements: z.array(z.strictObject({ pattern: z.string(), replacement: z.string() })).default([]),
    allowedSources: z.array(z.string()).default([]),
    autoWebp: z.boolean().default(false),
    autoAvif: z.boolean().default(false),
    enforceWebp: z.boolean().default(false),
    enforceAvif: z.boolean().default(false),
    preferredFormats: z
      .array(z.enum(['jpg', 'png', 'gif', 'webp', 'avif', 'tif']))
      .min(1)
      .default(['jpg', 'png', 'gif']),
    bestFormatByDefault: z.boolean().default(false),
    /** May an SVG, or what `skipProcessing` names, be handed on where the best format is asked for? */
    bestFormatAllowSkips: z.boolean().default(false),
    /** Megapixels of a result above which only one format is tried; 0: all are. */
    bestFormatMaxResolution: z.number().min(0).max(2000).default(0),
    quality: quality.default(80),
    formatQuality: z.record(z.string(), quality).default({ webp: 79, avif: 63 }),
    ...encoderSettings,
    ...autoqualitySettings,
    autoRotate: z.boolean().default(true),
    stripMetadata: z.boolean().default(true),
    /** Dots an inch of a result without metadata; 0: it does not say. */
    stripMetadataDpi: z.number().int().min(0).max(65_535).default(0),
    keepCopyright: z.boolean().default(true),
    stripColorProfile: z.boolean().default(true),
    preserveHdr: z.boolean().default(false),
    useLinearColorspace: z.boolean().default(false),
    unsharpMaskingMode: z.enum(['auto', 'none', 'always']).default('none'),
    unsharpMaskingWeight: unsharp.default(1),
    unsharpMaskingDivider: unsharp.default(24),
    returnAttachment: z.boolean().default(false),
    watermark: z
      .union([z.string(), z.strictObject({ namespace: z.string(), key: z.string() })])
      .nullable()
      .default(null),
    /** The font of `watermark_text`: a registered asset. */
    watermarkFont: z.string().nullable().default(null),
    watermarkOpacity: z.number().min(0).max(1).default(1),
    maxResultDimension: z.number().int().min(0).default(0),
    alwaysRasterizeSvg: z.boolean().default(false),
    animated: z.boolean().default(false),
    skipProcessing: z.array(formatName).default([]),
    cacheControlPassthrough: z.boolean().default(false),
    useEtag: z.boolean().default(true),
    useLastModified: z.boolean().default(true),
    lastModifiedBuster: date.default(''),
    enableDebugHeaders: z.boolean().default(false),
    enableClientHints: z.boolean().default(false),
    allowOrigin: headerValue.default(''),
    healthCheckPath: z.string().default(''),
    healthCheckMessage: z.string().default('imgproxy is running'),
    responseHeaders: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), headerValue).default({}),
    fallbackImage: z.strictObject({ namespace: z.string(), key: z.string() }).nullable().default(null),
    fallbackImageHttpCode: z.union([z.literal(0), z.number().int().min(200).max(599)]).default(200),
    fallbackImageTtlS: z.number().int().min(0).max(31_536_000).default(0),
    /** Is `/info` served? */
    info: z.boolean().default(true),
    /** Does it tell where a picture was taken? */
    infoLocation: z.boolean().default(false),
    ttlS: z.number().int().min(0).max(31_536_000).default(31_536_000),
    setCanonicalHeader: z.boolean().default(false),
  })
  .refine(({ keys, salts }) => keys.length === salts.length, 'keys and salts: as many of the one as of the other');

export type ImgproxySettings = z.infer<typeof imgproxySettings>;

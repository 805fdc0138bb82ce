import {
  address,
  addresses,
  animationFrames,
  avifSpeed,
  byFormat,
  cache,
  fallbackPath,
  fallbackUrl,
  fetchTime,
  flag,
  formats,
  headers,
  limit,
  list,
  localRoot,
  logLevel,
  mount,
  number,
  outputs,
  pathPrefix,
  presets,
  presetsFile,
  redirects,
  refused,
  refusedIfTrue,
  refusedUnless,
  replacements,
  requestTime,
  sourceBytes,
  text,
  watermarkPath,
  watermarkUrl,
} from './imgproxy-meanings.ts';
import type { Variable } from './imgproxy-variable.ts';

type Read = NonNullable<Variable['read']>;

/** Its value goes to these options, or to these settings of the mount. */
const option = (name: string, target: string, read: Read, unset?: string): Variable => ({
  name,
  doc: `\`${target.split(' ').join('`, `')}\``,
  read,
  ...(unset === undefined ? {} : { unset }),
});
const setting = (name: string, target: string, read: Read): Variable => ({
  name,
  doc: `\`${target}\` of the mount`,
  read,
});
const passed = (name: string, why: string): Variable => ({ name, doc: `passed over: ${why}` });
const refusal = (name: string, why: string): Variable => ({ name, doc: `refused: ${why}`, read: refused(why) });
/** Refused where it is switched on. */
const refusedOn = (name: string, why: string): Variable => ({
  name,
  doc: `refused where it is true: ${why}`,
  read: refusedIfTrue(why),
});
/** Refused where it says anything but these. */
const refusedBut = (name: string, usual: readonly string[], why: string): Variable => ({
  name,
  doc: `refused unless it is ${usual.join(' or ')}: ${why}`,
  read: refusedUnless(usual, why),
});

/** What belongs to a variable that is refused itself. */
const partOf = (owner: string, names: string): readonly Variable[] =>
  names.split(' ').map((name) => passed(name, `a part of \`IMGPROXY_${owner}\``));

const withoutNet = 'nets are not read, and `ml` is as `dssim`';
const noVideo = 'videos are not read';
const noDetection = 'objects are not detected';
const noTelemetry = 'metrics are Prometheus’s on the admin port, traces are handed on as `traceparent`';
const noReports = 'errors are in the log, with the request id';
const noSyslog = 'the log is JSON on stdout';

/** Every variable of imgproxy 4, its paid ones included, in the order of its documentation. */
export const imgproxyVariableGroups: readonly Readonly<{ title: string; variables: readonly Variable[] }>[] = [
  {
    title: 'URL signature',
    variables: [
      setting('KEY', 'keys', list(`${mount}.keys`)),
      setting('SALT', 'salts', list(`${mount}.salts`)),
      setting('SIGNATURE_SIZE', 'signatureSize', number(`${mount}.signatureSize`)),
      setting('TRUSTED_SIGNATURES', 'trustedSignatures', list(`${mount}.trustedSignatures`)),
    ],
  },
  {
    title: 'Server',
    variables: [
      option('BIND', 'host port', address('host', 'port')),
      refusedBut('NETWORK', ['tcp', 'tcp4', 'tcp6'], 'unix sockets are not served'),
      option('TIMEOUT', 'requestMs hardMs softMs', requestTime, '10'),
      option('WRITE_TIMEOUT', 'requestMs hardMs softMs', (given, others) =>
        others('TIMEOUT') === '' ? requestTime(given, others) : [],
      ),
      option('READ_REQUEST_TIMEOUT', 'headersTimeoutMs', number('headersTimeoutMs', 1000)),
      option('READ_TIMEOUT', 'headersTimeoutMs', number('headersTimeoutMs', 1000)),
      option('WRITE_RESPONSE_TIMEOUT', 'writeTimeoutMs', number('writeTimeoutMs', 1000)),
      option('KEEP_ALIVE_TIMEOUT', 'keepAliveTimeoutMs', number('keepAliveTimeoutMs', 1000)),
      passed('CLIENT_KEEP_ALIVE_TIMEOUT', 'connections to origins are kept as long as the origin keeps them'),
      option('DOWNLOAD_TIMEOUT', 'fetchTotalMs fetchHeadersMs fetchIdleMs fetchConnectMs', fetchTime, '5'),
      option('GRACEFUL_STOP_TIMEOUT', 'drainMs', number('drainMs', 1000)),
      option('WORKERS', 'workers', number('workers')),
      option('CONCURRENCY', 'workers', number('workers')),
      option('REQUESTS_QUEUE_SIZE', 'queueJobsMax', limit('queueJobsMax', 100_000)),
      option('MAX_CLIENTS', 'connectionsMax', limit('connectionsMax', 1_000_000)),
      setting('TTL', 'ttlS', number(`${mount}.ttlS`)),
      setting('CACHE_CONTROL_PASSTHROUGH', 'cacheControlPassthrough', flag(`${mount}.cacheControlPassthrough`)),
      setting('SET_CANONICAL_HEADER', 'setCanonicalHeader', flag(`${mount}.setCanonicalHeader`)),
      passed('SO_REUSEPORT', 'one listener serves all workers'),
      setting('PATH_PREFIX', 'at', pathPrefix),
      option('USER_AGENT', 'headers.user-agent', text('namespaces.http.origin.headers.user-agent')),
      setting('USE_ETAG', 'useEtag', flag(`${mount}.useEtag`)),
      passed('ETAG_BUSTER', 'ETags are made of the source, the plan and the encoder: they change when a result does'),
      setting('USE_LAST_MODIFIED', 'useLastModified', flag(`${mount}.useLastModified`)),
      setting('LAST_MODIFIED_BUSTER', 'lastModifiedBuster', text(`${mount}.lastModifiedBuster`)),
      option('CUSTOM_REQUEST_HEADERS', 'headers', headers('namespaces.http.origin.headers')),
      setting('CUSTOM_RESPONSE_HEADERS', 'responseHeaders', headers(`${mount}.responseHeaders`)),
      passed('CUSTOM_HEADERS_SEPARATOR', 'read with the two above'),
      refusal('REQUEST_HEADERS_PASSTHROUGH', 'a source is fetched once for all clients'),
      refusal('RESPONSE_HEADERS_PASSTHROUGH', 'a result outlives the answer of its origin'),
      setting('ENABLE_DEBUG_HEADERS', 'enableDebugHeaders', flag(`${mount}.enableDebugHeaders`)),
      setting('SERVER_NAME', 'responseHeaders', text(`${mount}.responseHeaders.server`)),
    ],
  },
  {
    title: 'Security',
    variables: [
      option('MAX_SRC_RESOLUTION', 'sourcePixelsMax', number('sourcePixelsMax', 1e6)),
      option('MAX_SRC_FILE_SIZE', 'sourceBytesMax', sourceBytes),
      {
        name: 'MAX_ANIMATION_FRAMES',
        doc: '`framesMax`, and `animated` of the mount',
        read: animationFrames,
      },
      refusedBut(
        'MAX_ANIMATION_FRAME_RESOLUTION',
        ['0'],
        'the frames of an animation are limited together (`MAX_SRC_RESOLUTION`)',
      ),
      setting('MAX_RESULT_DIMENSION', 'maxResultDimension', number(`${mount}.maxResultDimension`)),
      passed('MAX_SVG_CHECK_BYTES', 'an SVG is known by its first element'),
      option('MAX_REDIRECTS', 'originRedirectsMax', redirects),
      refusedOn('PNG_UNLIMITED', 'decoders keep their limits'),
      refusedOn('SVG_UNLIMITED', 'decoders keep their limits'),
      refusedOn('TIFF_UNLIMITED', 'decoders keep their limits'),
      setting('SECRET', 'secret', text(`${mount}.secret`)),
      setting('SOURCE_URL_ENCRYPTION_KEY', 'sourceUrlEncryptionKey', text(`${mount}.sourceUrlEncryptionKey`)),
      option('ALLOW_ORIGIN', 'cors', (given) => [['namespaces.http.cors', { origins: given === '*' ? '*' : [given] }]]),
      setting('ALLOWED_SOURCES', 'allowedSources', list(`${mount}.allowedSources`)),
      option('ALLOW_LOOPBACK_SOURCE_ADDRESSES', 'allowAddresses', addresses(['127.0.0.0/8', '::1/128', '0.0.0.0/32'])),
      option('ALLOW_LINK_LOCAL_SOURCE_ADDRESSES', 'allowAddresses', addresses(['169.254.0.0/16', 'fe80::/10'])),
      option(
        'ALLOW_PRIVATE_SOURCE_ADDRESSES',
        'allowAddresses',
        addresses(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
        'true',
      ),
      refusedOn('IGNORE_SSL_VERIFICATION', 'certificates are always checked; NODE_EXTRA_CA_CERTS names your own'),
      passed('DEVELOPMENT_ERRORS_MODE', 'the log says it'),
      setting('ALLOW_SECURITY_OPTIONS', 'allowSecurityOptions', flag(`${mount}.allowSecurityOptions`)),
      setting('ALLOWED_PROCESSING_OPTIONS', 'allowedProcessingOptions', list(`${mount}.allowedProcessingOptions`)),
      setting('ALLOWED_INFO_OPTIONS', 'allowedInfoOptions', list(`${mount}.allowedInfoOptions`)),
      setting('MAX_CHAINED_PIPELINES', 'maxChainedPipelines', number(`${mount}.maxChainedPipelines`)),
      setting('ARGUMENTS_SEPARATOR', 'argumentsSeparator', text(`${mount}.argumentsSeparator`)),
    ],
  },
  {
    title: 'Cookies',
    variables: [
      refusedOn('COOKIE_PASSTHROUGH', 'a source is fetched once for all clients'),
      refusedOn('COOKIE_PASSTHROUGH_ALL', 'a source is fetched once for all clients'),
      ...partOf('COOKIE_PASSTHROUGH', 'COOKIE_BASE_URL'),
    ],
  },
  {
    title: 'Compression',
    variables: [
      setting('QUALITY', 'quality', number(`${mount}.quality`)),
      setting('FORMAT_QUALITY', 'formatQuality', byFormat(`${mount}.formatQuality`)),
      setting('JPEG_PROGRESSIVE', 'jpegProgressive', flag(`${mount}.jpegProgressive`)),
      setting('JPEG_NO_SUBSAMPLE', 'jpegNoSubsample', flag(`${mount}.jpegNoSubsample`)),
      setting('JPEG_TRELLIS_QUANT', 'jpegTrellisQuant', flag(`${mount}.jpegTrellisQuant`)),
      setting('JPEG_OVERSHOOT_DERINGING', 'jpegOvershootDeringing', flag(`${mount}.jpegOvershootDeringing`)),
      setting('JPEG_OPTIMIZE_SCANS', 'jpegOptimizeScans', flag(`${mount}.jpegOptimizeScans`)),
      setting('JPEG_QUANT_TABLE', 'jpegQuantTable', number(`${mount}.jpegQuantTable`)),
      setting('PNG_INTERLACED', 'pngInterlaced', flag(`${mount}.pngInterlaced`)),
      setting('PNG_QUANTIZE', 'pngQuantize', flag(`${mount}.pngQuantize`)),
      setting('PNG_QUANTIZATION_COLORS', 'pngQuantizationColors', number(`${mount}.pngQuantizationColors`)),
      setting('WEBP_COMPRESSION', 'webpCompression', text(`${mount}.webpCompression`)),
      setting('WEBP_SMART_SUBSAMPLE', 'webpSmartSubsample', flag(`${mount}.webpSmartSubsample`)),
      setting('WEBP_PRESET', 'webpPreset', text(`${mount}.webpPreset`)),
      option('WEBP_EFFORT', 'webpEffort', number('webpEffort')),
      option('AVIF_SPEED', 'avifEffort', avifSpeed),
      setting('AVIF_SUBSAMPLE', 'avifSubsample', text(`${mount}.avifSubsample`)),
      passed('JXL_EFFORT', 'JPEG XL is not written'),
      setting('AUTOQUALITY_METHOD', 'autoqualityMethod', text(`${mount}.autoqualityMethod`)),
      setting('AUTOQUALITY_TARGET', 'autoqualityTarget', number(`${mount}.autoqualityTarget`)),
      setting('AUTOQUALITY_MIN', 'autoqualityMin', number(`${mount}.autoqualityMin`)),
      setting('AUTOQUALITY_FORMAT_MIN', 'autoqualityFormatMin', byFormat(`${mount}.autoqualityFormatMin`)),
      setting('AUTOQUALITY_MAX', 'autoqualityMax', number(`${mount}.autoqualityMax`)),
      setting('AUTOQUALITY_FORMAT_MAX', 'autoqualityFormatMax', byFormat(`${mount}.autoqualityFormatMax`)),
      setting('AUTOQUALITY_ALLOWED_ERROR', 'autoqualityAllowedError', number(`${mount}.autoqualityAllowedError`)),
      setting('AUTOQUALITY_MAX_RESOLUTION', 'autoqualityMaxResolution', number(`${mount}.autoqualityMaxResolution`)),
      passed('AUTOQUALITY_JPEG_NET', withoutNet),
      passed('AUTOQUALITY_WEBP_NET', withoutNet),
      passed('AUTOQUALITY_AVIF_NET', withoutNet),
      passed('AUTOQUALITY_JXL_NET', withoutNet),
    ],
  },
  {
    title: 'Formats',
    variables: [
      setting('AUTO_WEBP', 'autoWebp', flag(`${mount}.autoWebp`)),
      setting('ENABLE_WEBP_DETECTION', 'autoWebp', flag(`${mount}.autoWebp`)),
      setting('ENFORCE_WEBP', 'enforceWebp', flag(`${mount}.enforceWebp`)),
      setting('AUTO_AVIF', 'autoAvif', flag(`${mount}.autoAvif`)),
      setting('ENABLE_AVIF_DETECTION', 'autoAvif', flag(`${mount}.autoAvif`)),
      setting('ENFORCE_AVIF', 'enforceAvif', flag(`${mount}.enforceAvif`)),
      refusedOn('AUTO_JXL', 'JPEG XL is not written'),
      refusedOn('ENFORCE_JXL', 'JPEG XL is not written'),
      setting('PREFERRED_FORMATS', 'preferredFormats', outputs(`${mount}.preferredFormats`)),
      setting('SKIP_PROCESSING_FORMATS', 'skipProcessing', formats(`${mount}.skipProcessing`)),
      refusedOn('BEST_FORMAT_BY_DEFAULT', 'the format is never searched for'),
      ...partOf(
        'BEST_FORMAT_BY_DEFAULT',
        'BEST_FORMAT_COMPLEXITY_THRESHOLD BEST_FORMAT_MAX_RESOLUTION BEST_FORMAT_ALLOW_SKIPS',
      ),
      setting('ENABLE_CLIENT_HINTS', 'enableClientHints', flag(`${mount}.enableClientHints`)),
      refusedOn('ENABLE_RAW_FORMATS', 'camera files are not read'),
      passed('PDF_NO_BACKGROUND', 'PDF is not read'),
    ],
  },
  {
    title: 'Video',
    variables: [
      refusedOn('ENABLE_VIDEO_THUMBNAILS', noVideo),
      ...partOf(
        'ENABLE_VIDEO_THUMBNAILS',
        'VIDEO_THUMBNAIL_SECOND VIDEO_THUMBNAIL_KEYFRAMES VIDEO_THUMBNAIL_TILE_AUTO_KEYFRAMES VIDEO_THUMBNAIL_PROBE_SIZE VIDEO_THUMBNAIL_MAX_ANALYZE_DURATION',
      ),
    ],
  },
  {
    title: 'Watermark and fallback image',
    variables: [
      refusal('WATERMARK_DATA', 'write the picture to a file, and name that in IMGPROXY_WATERMARK_PATH'),
      {
        name: 'WATERMARK_PATH',
        doc: '`assets.watermark`, and `watermark` of the mount',
        read: watermarkPath,
      },
      setting('WATERMARK_URL', 'watermark', watermarkUrl),
      setting('WATERMARK_OPACITY', 'watermarkOpacity', number(`${mount}.watermarkOpacity`)),
      refusal('WATERMARK_PREPROCESS_URL', 'a watermark is one picture'),
      passed('WATERMARKS_CACHE_SIZE', 'a watermark is one picture'),
      refusal('FALLBACK_IMAGE_DATA', 'write the picture to a file, and name that in IMGPROXY_FALLBACK_IMAGE_PATH'),
      {
        name: 'FALLBACK_IMAGE_PATH',
        doc: 'the namespace `fallback`, and `fallbackImage` of the mount',
        read: fallbackPath,
      },
      setting('FALLBACK_IMAGE_URL', 'fallbackImage', fallbackUrl),
      setting('FALLBACK_IMAGE_HTTP_CODE', 'fallbackImageHttpCode', number(`${mount}.fallbackImageHttpCode`)),
      setting('FALLBACK_IMAGE_TTL', 'fallbackImageTtlS', number(`${mount}.fallbackImageTtlS`)),
      refusal('FALLBACK_IMAGE_PREPROCESS_URL', 'a fallback image is handled as its source would have been'),
      passed('FALLBACK_IMAGES_CACHE_SIZE', 'fallback images are kept as all results are'),
    ],
  },
  {
    title: 'Content',
    variables: [
      setting('UNSHARP_MASKING_MODE', 'unsharpMaskingMode', text(`${mount}.unsharpMaskingMode`)),
      setting('UNSHARP_MASKING_WEIGHT', 'unsharpMaskingWeight', number(`${mount}.unsharpMaskingWeight`)),
      setting('UNSHARP_MASKING_DIVIDER', 'unsharpMaskingDivider', number(`${mount}.unsharpMaskingDivider`)),
      refusedOn('SMART_CROP_ADVANCED', 'there is one way to crop by content'),
      ...partOf('SMART_CROP_ADVANCED', 'SMART_CROP_ADVANCED_MODE'),
      refusedOn('SMART_CROP_FACE_DETECTION', noDetection),
      refusal('OBJECT_DETECTION_CONFIG', noDetection),
      refusal('OBJECT_DETECTION_NET', noDetection),
      ...partOf(
        'OBJECT_DETECTION_NET',
        'OBJECT_DETECTION_WEIGHTS OBJECT_DETECTION_CLASSES OBJECT_DETECTION_NET_SIZE OBJECT_DETECTION_NET_TYPE OBJECT_DETECTION_SWAP_RB OBJECT_DETECTION_CONFIDENCE_THRESHOLD OBJECT_DETECTION_NMS_THRESHOLD OBJECT_DETECTION_GRAVITY_MODE OBJECT_DETECTION_FALLBACK_TO_SMART_CROP',
      ),
      refusal('CLASSIFICATION_NET', 'pictures are not classified'),
      ...partOf('CLASSIFICATION_NET', 'CLASSIFICATION_CLASSES CLASSIFICATION_NET_SIZE CLASSIFICATION_THRESHOLD'),
    ],
  },
  {
    title: 'Presets',
    variables: [
      setting('PRESETS', 'presets', presets('presets')),
      passed('PRESETS_SEPARATOR', 'read with `IMGPROXY_PRESETS` and `IMGPROXY_INFO_PRESETS`'),
      setting('PRESETS_PATH', 'presets', presetsFile('presets')),
      setting('ONLY_PRESETS', 'onlyPresets', flag(`${mount}.onlyPresets`)),
      setting('INFO_PRESETS', 'infoPresets', presets('infoPresets')),
      setting('INFO_PRESETS_PATH', 'infoPresets', presetsFile('infoPresets')),
      setting('INFO_ONLY_PRESETS', 'infoOnlyPresets', flag(`${mount}.infoOnlyPresets`)),
    ],
  },
  {
    title: 'Sources',
    variables: [
      {
        name: 'LOCAL_FILESYSTEM_ROOT',
        doc: 'the namespace `local`, and `sources.local` of the mount',
        read: localRoot,
      },
      passed('SOURCE_URL_QUERY_SEPARATOR', 'versions of objects are not named'),
      refusedOn('USE_S3', 'S3 sources are not served yet'),
      ...partOf(
        'USE_S3',
        'S3_REGION S3_ENDPOINT S3_ENDPOINT_USE_PATH_STYLE S3_MULTI_REGION S3_USE_DECRYPTION_CLIENT S3_ASSUME_ROLE_ARN S3_ASSUME_ROLE_EXTERNAL_ID S3_ALLOWED_BUCKETS S3_DENIED_BUCKETS',
      ),
      refusedOn('USE_GCS', 'Google Cloud Storage is reached through its S3 interface'),
      ...partOf('USE_GCS', 'GCS_KEY GCS_ENDPOINT GCS_ALLOWED_BUCKETS GCS_DENIED_BUCKETS'),
      refusedOn('USE_ABS', 'Azure Blob Storage is not served'),
      ...partOf('USE_ABS', 'ABS_NAME ABS_KEY ABS_ENDPOINT ABS_ALLOWED_CONTAINERS ABS_DENIED_CONTAINERS'),
      refusedOn('USE_SWIFT', 'Swift is reached through its S3 interface'),
      ...partOf(
        'USE_SWIFT',
        'SWIFT_USERNAME SWIFT_API_KEY SWIFT_AUTH_URL SWIFT_AUTH_VERSION SWIFT_TENANT SWIFT_DOMAIN SWIFT_TIMEOUT_SECONDS SWIFT_CONNECT_TIMEOUT_SECONDS SWIFT_ALLOWED_CONTAINERS SWIFT_DENIED_CONTAINERS',
      ),
      setting('BASE_URL', 'baseUrl', text(`${mount}.baseUrl`)),
      setting('URL_REPLACEMENTS', 'urlReplacements', replacements),
      setting('BASE64_URL_INCLUDES_FILENAME', 'base64UrlIncludesFilename', flag(`${mount}.base64UrlIncludesFilename`)),
    ],
  },
  {
    title: 'Results that are kept',
    variables: [
      { name: 'CACHE_USE', doc: '`dataDir`, where it is `fs`; anything else is refused', read: cache },
      ...partOf(
        'CACHE_USE',
        'CACHE_FS_ROOT CACHE_PATH_PREFIX CACHE_BUCKET CACHE_KEY_HEADERS CACHE_KEY_COOKIES CACHE_REPORT_ERRORS CACHE_S3_REGION CACHE_S3_ENDPOINT CACHE_S3_ENDPOINT_USE_PATH_STYLE CACHE_S3_USE_DECRYPTION_CLIENT CACHE_S3_ASSUME_ROLE_ARN CACHE_S3_ASSUME_ROLE_EXTERNAL_ID CACHE_GCS_KEY CACHE_GCS_ENDPOINT CACHE_ABS_NAME CACHE_ABS_KEY CACHE_ABS_ENDPOINT CACHE_SWIFT_USERNAME CACHE_SWIFT_API_KEY CACHE_SWIFT_AUTH_URL CACHE_SWIFT_AUTH_VERSION CACHE_SWIFT_TENANT CACHE_SWIFT_DOMAIN CACHE_SWIFT_TIMEOUT_SECONDS CACHE_SWIFT_CONNECT_TIMEOUT_SECONDS',
      ),
    ],
  },
  {
    title: 'Metrics and reports',
    variables: [
      option('PROMETHEUS_BIND', 'adminHost adminPort', address('adminHost', 'adminPort')),
      refusal('PROMETHEUS_NAMESPACE', 'metrics begin with `pileus_`'),
      refusal('NEW_RELIC_KEY', noTelemetry),
      ...partOf('NEW_RELIC_KEY', 'NEW_RELIC_APP_NAME NEW_RELIC_LABELS NEW_RELIC_PROPAGATE_EXTERNAL'),
      refusedOn('DATADOG_ENABLE', noTelemetry),
      ...partOf('DATADOG_ENABLE', 'DATADOG_ENABLE_ADDITIONAL_METRICS DATADOG_PROPAGATE_EXTERNAL'),
      refusedOn('OPEN_TELEMETRY_ENABLE', noTelemetry),
      refusal('OPEN_TELEMETRY_ENDPOINT', noTelemetry),
      ...partOf(
        'OPEN_TELEMETRY_ENABLE',
        'OPEN_TELEMETRY_PROTOCOL OPEN_TELEMETRY_SERVICE_NAME OPEN_TELEMETRY_ENABLE_METRICS OPEN_TELEMETRY_ENABLE_LOGS OPEN_TELEMETRY_SERVER_CERT OPEN_TELEMETRY_CLIENT_CERT OPEN_TELEMETRY_CLIENT_KEY OPEN_TELEMETRY_GRPC_INSECURE OPEN_TELEMETRY_PROPAGATORS OPEN_TELEMETRY_TRACE_ID_GENERATOR OPEN_TELEMETRY_CONNECTION_TIMEOUT OPEN_TELEMETRY_PROPAGATE_EXTERNAL',
      ),
      refusal('CLOUD_WATCH_SERVICE_NAME', noTelemetry),
      ...partOf('CLOUD_WATCH_SERVICE_NAME', 'CLOUD_WATCH_NAMESPACE CLOUD_WATCH_REGION'),
      refusal('BUGSNAG_KEY', noReports),
      ...partOf('BUGSNAG_KEY', 'BUGSNAG_STAGE'),
      refusal('HONEYBADGER_KEY', noReports),
      ...partOf('HONEYBADGER_KEY', 'HONEYBADGER_ENV'),
      refusal('SENTRY_DSN', noReports),
      ...partOf('SENTRY_DSN', 'SENTRY_ENVIRONMENT SENTRY_RELEASE'),
      refusal('AIRBRAKE_PROJECT_ID', noReports),
      ...partOf('AIRBRAKE_PROJECT_ID', 'AIRBRAKE_PROJECT_KEY AIRBRAKE_ENVIRONMENT AIRBRAKE_ENV'),
      passed('REPORT_DOWNLOADING_ERRORS', noReports),
      passed('REPORT_IO_ERRORS', noReports),
    ],
  },
  {
    title: 'Log',
    variables: [
      passed('LOG_FORMAT', 'JSON, pretty on a terminal'),
      option('LOG_LEVEL', 'logLevel', logLevel),
      refusedOn('SYSLOG_ENABLE', noSyslog),
      ...partOf('SYSLOG_ENABLE', 'SYSLOG_LEVEL SYSLOG_NETWORK SYSLOG_ADDRESS SYSLOG_TAG'),
    ],
  },
  {
    title: 'Memory',
    variables: [
      passed('DOWNLOAD_BUFFER_SIZE', 'sources have a buffer of their own (`blobBufferBytes`)'),
      passed('BUFFER_POOL_CALIBRATION_THRESHOLD', 'sources have a buffer of their own (`blobBufferBytes`)'),
      passed('FREE_MEMORY_INTERVAL', 'workers are replaced by their memory (`workerRssMax`)'),
      passed('MALLOC', 'LD_PRELOAD chooses the allocator'),
    ],
  },
  {
    title: 'Miscellaneous',
    variables: [
      setting('USE_LINEAR_COLORSPACE', 'useLinearColorspace', flag(`${mount}.useLinearColorspace`)),
      passed('DISABLE_SHRINK_ON_LOAD', 'a decoder shrinks where the result stays the same'),
      setting('STRIP_METADATA', 'stripMetadata', flag(`${mount}.stripMetadata`)),
      setting('KEEP_COPYRIGHT', 'keepCopyright', flag(`${mount}.keepCopyright`)),
      setting('STRIP_METADATA_DPI', 'stripMetadataDpi', number(`${mount}.stripMetadataDpi`)),
      setting('STRIP_COLOR_PROFILE', 'stripColorProfile', flag(`${mount}.stripColorProfile`)),
      refusal('COLOR_PROFILES_DIR', 'results are sRGB'),
      setting('PRESERVE_HDR', 'preserveHdr', flag(`${mount}.preserveHdr`)),
      setting('AUTO_ROTATE', 'autoRotate', flag(`${mount}.autoRotate`)),
      passed('ENFORCE_THUMBNAIL', 'the picture itself is decoded, never its thumbnail'),
      setting('RETURN_ATTACHMENT', 'returnAttachment', flag(`${mount}.returnAttachment`)),
      refusedBut('SANITIZE_SVG', ['1', 't', 'true'], 'no SVG is ever handed on as it came'),
      setting('ALWAYS_RASTERIZE_SVG', 'alwaysRasterizeSvg', flag(`${mount}.alwaysRasterizeSvg`)),
      passed('SVG_FIX_UNSUPPORTED', 'what librsvg does not draw is not mended'),
      setting('HEALTH_CHECK_PATH', 'healthCheckPath', text(`${mount}.healthCheckPath`)),
      setting('HEALTH_CHECK_MESSAGE', 'healthCheckMessage', text(`${mount}.healthCheckMessage`)),
      passed('VIPS_LEAK_CHECK', 'workers are replaced by their memory (`workerRssMax`)'),
      passed('VIPS_CACHE_TRACE', 'the operations of libvips are not cached'),
      passed('LICENSE_KEY', 'nothing here is paid for'),
      passed('LICENSE_DEVELOPMENT_MODE', 'nothing here is paid for'),
      passed('FAIL_ON_DEPRECATION', 'old names are read as the new ones'),
    ],
  },
  {
    title: 'Environments of elsewhere',
    variables: [
      refusal('ENV_LOCAL_FILE_PATH', 'variables are read from the environment alone'),
      refusal('ENV_AWS_SECRET_ID', 'variables are read from the environment alone'),
      ...partOf('ENV_AWS_SECRET_ID', 'ENV_AWS_SECRET_VERSION_ID ENV_AWS_SECRET_VERSION_STAGE ENV_AWS_SECRET_REGION'),
      refusal('ENV_AWS_SSM_PARAMETERS_PATH', 'variables are read from the environment alone'),
      ...partOf('ENV_AWS_SSM_PARAMETERS_PATH', 'ENV_AWS_SSM_PARAMETERS_REGION'),
      refusal('ENV_GCP_SECRET_ID', 'variables are read from the environment alone'),
      ...partOf('ENV_GCP_SECRET_ID', 'ENV_GCP_SECRET_VERSION_ID ENV_GCP_SECRET_PROJECT_ID ENV_GCP_KEY'),
    ],
  },
];

/** The same without the titles. */
export const imgproxyVariables: readonly Variable[] = imgproxyVariableGroups.flatMap(({ variables }) => variables);

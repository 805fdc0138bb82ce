import { type Fault, Place } from './place.ts';

/**
 * imgproxy's environment as a configuration of ours: `serve --as imgproxy` takes nothing else. Each variable says where its
 * value goes, or why it is refused; what has no meaning here and harms nobody is passed over.
 */

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What a variable's text becomes: values by their path in the configuration, or what is wrong with it. */
type Meaning = readonly (readonly [path: string, value: Value])[] | string;

type Variable = Readonly<{
  name: string;
  doc: string;
  /** Absent: passed over, for the reason in `doc`. */
  read?: (text: string) => Meaning;
}>;

/** A configuration that stands in the environment, as places whose faults name the variables. */
export function imgproxyEnvironment(env: Readonly<Record<string, string | undefined>>, faults: Fault[]): Place {
  const written = new Map<string, string>();
  const root: Tree = structuredClone(base) as Tree;
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(prefix) || text === undefined || text === '') continue;
    const variable = byName.get(name.slice(prefix.length));
    if (variable === undefined) {
      faults.push({ at: name, problem: 'there is no such variable in imgproxy 4' });
      continue;
    }
    const meaning = variable.read?.(text) ?? [];
    if (typeof meaning === 'string') faults.push({ at: name, problem: meaning });
    else for (const [path, value] of meaning) set(root, path.split('.'), value, name, written);
  }
  if (env.PORT !== undefined && env.IMGPROXY_BIND === undefined) set(root, ['port'], Number(env.PORT), 'PORT', written);
  const lineOf = (path: readonly (string | number)[]): string => {
    for (let length = path.length; length > 0; length--) {
      const name = written.get(path.slice(0, length).join('.'));
      if (name !== undefined) return name;
    }
    return 'environment';
  };
  return new Place(root, [], lineOf, faults);
}

type Tree = { [name: string]: Tree | Value };

const prefix = 'IMGPROXY_';
const mount = 'dialects.0';

/** What imgproxy does without any variable. */
const base: Value = {
  host: '0.0.0.0',
  port: 8080,
  jpegQuality: 80,
  sourcePixelsMax: 50_000_000,
  // imgproxy has no limit; a source has to fit the buffer of a worker.
  sourceBytesMax: 104_857_600,
  framesMax: 1,
  svgBytesMax: 4_194_304,
  // Every request asks its origin, as there.
  acceptRequestId: true,
  sourceFreshMs: 0,
  missingFreshMs: 0,
  ...deadlines(10_000),
  fetchTotalMs: 5000,
  namespaces: {
    http: { origin: { kind: 'url', allowAddresses: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] } },
  },
  dialects: [{ grammar: 'imgproxy', at: '/', sources: { http: 'http' } }],
};

/** A picture is given up, and then killed, before its request is answered without it. */
function deadlines(requestMs: number) {
  const hardMs = Math.round(0.9 * requestMs);
  return { requestMs, hardMs, softMs: hardMs - 1000 };
}

function set(tree: Tree, path: readonly string[], value: Value, name: string, written: Map<string, string>): void {
  let at: Tree = tree;
  for (const part of path.slice(0, -1)) {
    at[part] ??= {};
    at = at[part] as Tree;
  }
  const last = path.at(-1) as string;
  const before = at[last];
  at[last] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
  written.set(path.join('.'), name);
}

const flag =
  (path: string, whenTrue: Value = true, whenFalse: Value = false) =>
  (text: string): Meaning => [[path, /^(?:1|t|true)$/i.test(text) ? whenTrue : whenFalse]];

const flagged =
  (path: string, value: Value) =>
  (text: string): Meaning =>
    /^(?:1|t|true)$/i.test(text) ? [[path, value]] : [];

const number =
  (path: string, times = 1) =>
  (text: string): Meaning =>
    Number.isFinite(Number(text)) ? [[path, Number(text) * times]] : 'expected a number';

const text =
  (path: string) =>
  (given: string): Meaning => [[path, given]];

const list =
  (path: string) =>
  (given: string): Meaning => [
    [
      path,
      given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ],
  ];

function bind(given: string): Meaning {
  const match = /^(?:\[?([^\]]*?)\]?)?:(\d{1,5})$/.exec(given);
  if (match === null) return 'expected an address such as :8080 or 127.0.0.1:8080';
  return [
    ['host', match[1] === undefined || match[1] === '' ? '0.0.0.0' : match[1]],
    ['port', Number(match[2])],
  ];
}

/** A part of a fetch takes no longer than the whole. */
const fetchTimes = (totalMs: number): Meaning =>
  totalMs > 0
    ? [
        ['fetchTotalMs', totalMs],
        ['fetchHeadersMs', Math.min(3000, totalMs)],
        ['fetchIdleMs', Math.min(2000, totalMs)],
        ['fetchConnectMs', Math.min(1000, totalMs)],
      ]
    : 'expected seconds';

const localRoot = (given: string): Meaning => [
  ['namespaces.local', { origin: { kind: 'file', root: given } }],
  [`${mount}.sources.local`, 'local'],
];

/** `name=options,name=options`. */
function presets(given: string): Meaning {
  const entries = given.split(',').map((part) => part.trim());
  const pairs = entries
    .filter((part) => part !== '')
    .map((part) => [part.split('=', 1)[0] as string, part.slice(part.indexOf('=') + 1)] as const);
  if (entries.some((part) => part !== '' && !part.includes('=')))
    return 'expected presets such as name=option:value/option:value';
  return [[`${mount}.presets`, Object.fromEntries(pairs)]];
}

/** `pattern=replacement;pattern=replacement`. */
const replacements = (given: string): Meaning => [
  [
    `${mount}.urlReplacements`,
    given
      .split(';')
      .filter((part) => part.includes('='))
      .map((part) => ({ pattern: part.slice(0, part.indexOf('=')), replacement: part.slice(part.indexOf('=') + 1) })),
  ],
];

/** `jpeg=80,webp=79`. */
function formatQuality(given: string): Meaning {
  const pairs = given.split(',').map((part) => part.split('='));
  if (pairs.some(([name, value]) => !name || !Number.isInteger(Number(value))))
    return 'expected pairs such as webp=79,avif=63';
  return [
    [
      `${mount}.formatQuality`,
      Object.fromEntries(pairs.map(([name = '', value]) => [name === 'jpeg' ? 'jpg' : name, Number(value)])),
    ],
  ];
}

const watermarkPath = (given: string): Meaning => [
  ['assets.watermark', given],
  [`${mount}.watermark`, 'watermark'],
];

const formats = (given: string): Meaning => [
  [
    `${mount}.preferredFormats`,
    given.split(',').map((name) => ({ jpeg: 'jpg', tiff: 'tif' })[name.trim()] ?? name.trim()),
  ],
];

const refused = (reason: string) => (): Meaning => reason;

/** Every variable that is known, in the order of imgproxy's documentation. */
export const imgproxyVariables: readonly Variable[] = [
  { name: 'BIND', doc: '`host`, `port`', read: bind },
  {
    name: 'NETWORK',
    doc: 'only tcp',
    read: (given) => (given === 'tcp' ? [] : 'expected tcp: unix sockets are not served'),
  },
  {
    name: 'TIMEOUT',
    doc: '`requestMs`',
    read: (given) => (Number(given) > 0 ? Object.entries(deadlines(1000 * Number(given))) : 'expected seconds'),
  },
  { name: 'DOWNLOAD_TIMEOUT', doc: '`fetchTotalMs`', read: (given) => fetchTimes(1000 * Number(given)) },
  { name: 'READ_REQUEST_TIMEOUT', doc: '`headersTimeoutMs`', read: number('headersTimeoutMs', 1000) },
  { name: 'WRITE_RESPONSE_TIMEOUT', doc: '`writeTimeoutMs`', read: number('writeTimeoutMs', 1000) },
  { name: 'KEEP_ALIVE_TIMEOUT', doc: '`keepAliveTimeoutMs`', read: number('keepAliveTimeoutMs', 1000) },
  {
    name: 'CLIENT_KEEP_ALIVE_TIMEOUT',
    doc: 'passed over: connections to origins are kept as long as the origin keeps them',
  },
  { name: 'WORKERS', doc: '`workers`', read: number('workers') },
  { name: 'CONCURRENCY', doc: '`workers`', read: number('workers') },
  { name: 'REQUESTS_QUEUE_SIZE', doc: '`queueJobsMax`', read: number('queueJobsMax') },
  { name: 'MAX_CLIENTS', doc: '`connectionsMax`', read: number('connectionsMax') },
  { name: 'TTL', doc: '`ttlS` of the mount', read: number(`${mount}.ttlS`) },
  { name: 'SET_CANONICAL_HEADER', doc: '`setCanonicalHeader` of the mount', read: flag(`${mount}.setCanonicalHeader`) },
  { name: 'SO_REUSEPORT', doc: 'passed over: one listener serves all workers' },
  {
    name: 'PATH_PREFIX',
    doc: '`at` of the mount',
    read: (given) => [[`${mount}.at`, given.startsWith('/') ? given : `/${given}`]],
  },
  { name: 'USER_AGENT', doc: 'passed over: origins see `pileus`' },
  { name: 'KEY', doc: '`keys` of the mount', read: list(`${mount}.keys`) },
  { name: 'SALT', doc: '`salts` of the mount', read: list(`${mount}.salts`) },
  { name: 'SIGNATURE_SIZE', doc: '`signatureSize` of the mount', read: number(`${mount}.signatureSize`) },
  { name: 'TRUSTED_SIGNATURES', doc: '`trustedSignatures` of the mount', read: list(`${mount}.trustedSignatures`) },
  { name: 'SECRET', doc: '`secret` of the mount', read: text(`${mount}.secret`) },
  {
    name: 'ALLOW_ORIGIN',
    doc: '`cors` of the namespaces',
    read: (given) => [['namespaces.http.cors', { origins: given === '*' ? '*' : [given] }]],
  },
  { name: 'ALLOWED_SOURCES', doc: '`allowedSources` of the mount', read: list(`${mount}.allowedSources`) },
  {
    name: 'ALLOW_LOOPBACK_SOURCE_ADDRESSES',
    doc: '`allowAddresses` of the origin',
    read: flagged('namespaces.http.origin.allowAddresses', ['127.0.0.0/8', '::1/128', '0.0.0.0/32']),
  },
  {
    name: 'ALLOW_LINK_LOCAL_SOURCE_ADDRESSES',
    doc: '`allowAddresses` of the origin',
    read: flagged('namespaces.http.origin.allowAddresses', ['169.254.0.0/16', 'fe80::/10']),
  },
  {
    name: 'ALLOW_PRIVATE_SOURCE_ADDRESSES',
    doc: '`allowAddresses` of the origin; allowed unless it is false, as in imgproxy',
    read: (given) =>
      /^(?:0|f|false)$/i.test(given)
        ? 'private addresses stay allowed here: list what is allowed in a pileus.yaml'
        : [],
  },
  { name: 'MAX_SRC_RESOLUTION', doc: '`sourcePixelsMax`', read: number('sourcePixelsMax', 1e6) },
  {
    name: 'MAX_SRC_FILE_SIZE',
    doc: '`sourceBytesMax`',
    read: (given) => (Number(given) > 0 ? [['sourceBytesMax', Math.max(1024, Number(given))]] : []),
  },
  {
    name: 'MAX_ANIMATION_FRAMES',
    doc: '`framesMax`, and `animated` of the mount',
    read: (given) => [
      ['framesMax', Number(given)],
      [`${mount}.animated`, Number(given) > 1],
    ],
  },
  {
    name: 'MAX_RESULT_DIMENSION',
    doc: '`maxResultDimension` of the mount',
    read: number(`${mount}.maxResultDimension`),
  },
  {
    name: 'MAX_REDIRECTS',
    doc: '`originRedirectsMax`: one fewer, as imgproxy follows them',
    read: (given) => [['originRedirectsMax', Math.max(0, Number(given) - 1)]],
  },
  {
    name: 'ALLOW_SECURITY_OPTIONS',
    doc: '`allowSecurityOptions` of the mount',
    read: flag(`${mount}.allowSecurityOptions`),
  },
  {
    name: 'ALLOWED_PROCESSING_OPTIONS',
    doc: '`allowedProcessingOptions` of the mount',
    read: list(`${mount}.allowedProcessingOptions`),
  },
  { name: 'ARGUMENTS_SEPARATOR', doc: '`argumentsSeparator` of the mount', read: text(`${mount}.argumentsSeparator`) },
  { name: 'PRESETS', doc: '`presets` of the mount', read: presets },
  { name: 'ONLY_PRESETS', doc: '`onlyPresets` of the mount', read: flag(`${mount}.onlyPresets`) },
  { name: 'BASE_URL', doc: '`baseUrl` of the mount', read: text(`${mount}.baseUrl`) },
  { name: 'URL_REPLACEMENTS', doc: '`urlReplacements` of the mount', read: replacements },
  {
    name: 'BASE64_URL_INCLUDES_FILENAME',
    doc: '`base64UrlIncludesFilename` of the mount',
    read: flag(`${mount}.base64UrlIncludesFilename`),
  },
  { name: 'LOCAL_FILESYSTEM_ROOT', doc: 'namespace `local`', read: localRoot },
  { name: 'QUALITY', doc: '`quality` of the mount', read: number(`${mount}.quality`) },
  { name: 'FORMAT_QUALITY', doc: '`formatQuality` of the mount', read: formatQuality },
  { name: 'PREFERRED_FORMATS', doc: '`preferredFormats` of the mount', read: formats },
  { name: 'AUTO_WEBP', doc: '`autoWebp` of the mount', read: flag(`${mount}.autoWebp`) },
  { name: 'ENABLE_WEBP_DETECTION', doc: '`autoWebp` of the mount', read: flag(`${mount}.autoWebp`) },
  { name: 'AUTO_AVIF', doc: '`autoAvif` of the mount', read: flag(`${mount}.autoAvif`) },
  { name: 'ENFORCE_WEBP', doc: '`enforceWebp` of the mount', read: flag(`${mount}.enforceWebp`) },
  { name: 'ENFORCE_AVIF', doc: '`enforceAvif` of the mount', read: flag(`${mount}.enforceAvif`) },
  { name: 'AUTO_ROTATE', doc: '`autoRotate` of the mount', read: flag(`${mount}.autoRotate`) },
  { name: 'STRIP_METADATA', doc: '`stripMetadata` of the mount', read: flag(`${mount}.stripMetadata`) },
  { name: 'KEEP_COPYRIGHT', doc: '`keepCopyright` of the mount', read: flag(`${mount}.keepCopyright`) },
  { name: 'STRIP_COLOR_PROFILE', doc: '`stripColorProfile` of the mount', read: flag(`${mount}.stripColorProfile`) },
  { name: 'RETURN_ATTACHMENT', doc: '`returnAttachment` of the mount', read: flag(`${mount}.returnAttachment`) },
  { name: 'JPEG_PROGRESSIVE', doc: '`progressive`', read: flag('progressive') },
  { name: 'PRESERVE_HDR', doc: 'passed over: results have eight bits a channel' },
  { name: 'USE_LINEAR_COLORSPACE', doc: 'passed over' },
  { name: 'USE_LAST_MODIFIED', doc: 'passed over: answers have an ETag' },
  {
    name: 'SANITIZE_SVG',
    doc: 'only true',
    read: (given) => (/^(?:1|t|true)$/i.test(given) ? [] : 'SVG is never handed on unsanitised'),
  },
  {
    name: 'ALWAYS_RASTERIZE_SVG',
    doc: '`alwaysRasterizeSvg` of the mount',
    read: flag(`${mount}.alwaysRasterizeSvg`),
  },
  { name: 'WATERMARK_PATH', doc: '`watermark` of the mount', read: watermarkPath },
  { name: 'WATERMARK_OPACITY', doc: '`watermarkOpacity` of the mount', read: number(`${mount}.watermarkOpacity`) },
  { name: 'AVIF_SPEED', doc: 'passed over: `avifEffort` is chosen for its cost' },
  {
    name: 'LOG_LEVEL',
    doc: '`logLevel`',
    read: (given) => [['logLevel', { warning: 'warn', fatal: 'error', panic: 'error' }[given] ?? given]],
  },
  { name: 'LOG_FORMAT', doc: 'passed over: JSON, pretty on a terminal' },
  { name: 'HEALTH_CHECK_PATH', doc: 'passed over: `/-/health`' },
  { name: 'PROMETHEUS_BIND', doc: '`adminHost`, `adminPort`', read: (given) => prometheus(given) },
  { name: 'DEVELOPMENT_ERRORS_MODE', doc: 'passed over: the log says it' },
  { name: 'FREE_MEMORY_INTERVAL', doc: 'passed over: workers are recycled by their memory' },
  { name: 'USE_ETAG', doc: 'passed over: every answer has one' },
  { name: 'USE_S3', doc: 'refused', read: refused('S3 sources are not served yet') },
  { name: 'USE_GCS', doc: 'refused', read: refused('Google Cloud Storage is reached through its S3 interface') },
  { name: 'USE_ABS', doc: 'refused', read: refused('Azure Blob Storage is not served') },
  { name: 'USE_SWIFT', doc: 'refused', read: refused('Swift is reached through its S3 interface') },
];

function prometheus(given: string): Meaning {
  const bound = bind(given);
  if (typeof bound === 'string') return bound;
  return bound.map(([path, value]) => [path === 'host' ? 'adminHost' : 'adminPort', value] as const);
}

const byName: ReadonlyMap<string, Variable> = new Map(imgproxyVariables.map((variable) => [variable.name, variable]));

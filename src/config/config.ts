import type { ValuesOf } from './define-options.ts';
import type { optionTable } from './options.ts';

/** Every scalar option with its value. */
export type Options = ValuesOf<typeof optionTable>;
export type OptionName = keyof Options;

/** Where the originals of a namespace live. The store behind each kind is in src/store/originals/. */
export type OriginConfig =
  | Readonly<{ kind: 'file' /** Absolute path of the root folder; may be a link, which may be moved. */; root: string }>
  | Readonly<{
      kind: 'http';
      /** The key is appended to this, percent-encoded. Always ends in a slash. */
      baseUrl: string;
      /** Sent with every request (for example Authorization); dropped when a redirect changes the host. */
      headers: Readonly<Record<string, string>>;
      /** Hosts (`name` or `name:port`) that redirects may lead to, besides the base's own. */
      redirectHosts: readonly string[];
      /** CIDR ranges that may be dialled although they are not public (loopback, private, link-local). */
      allowAddresses: readonly string[];
    }>
  | Readonly<{
      kind: 'url';
      /** The key is a whole URL of any host. Sent with every request; dropped when a redirect changes the host. */
      headers: Readonly<Record<string, string>>;
      allowAddresses: readonly string[];
    }>;

export type SigningKey = Readonly<{ /** One character, a-z or 0-9. */ kid: string; secret: string }>;

/** One alias of the URL: where its originals live and what may be done to them. */
export type NamespaceConfig = Readonly<{
  name: string;
  origin: OriginConfig;
  /** Names of presets that URLs may use here; `all` is every configured one. */
  presets: 'all' | readonly string[];
  /** With keys, unsigned URLs are held to presets and the ladder. */
  keys: readonly SigningKey[];
  /** Values of `w_ h_ l_ s_` that unsigned URLs may use. */
  ladder: readonly number[];
  protectOriginals: boolean;
  /** Is `~explain.json` answered without a signature (where there are keys)? */
  explain: boolean;
  /** Cache-Control max-age of results, seconds. */
  maxAgeS: number;
  cors: Readonly<{ origins: '*' | readonly string[]; maxAgeS: number }> | null;
  /** `ok`: a still picture that is cut short is served as far as it goes. */
  truncated: 'error' | 'ok';
  /** Are animations kept where the output can hold them? */
  animated: boolean;
  /** Options of the table that this namespace sets for itself. */
  limits: Readonly<Partial<Pick<Options, NamespaceLimit>>>;
}>;

/** Options that a namespace may set for itself. */
export const namespaceLimits = [
  'sourceBytesMax',
  'sourcePixelsMax',
  'sourceWholePixelsMax',
  'sourceSideMax',
  'svgBytesMax',
  'framesMax',
  'resultPixelsMax',
  'resultSideMax',
  'sourceFreshMs',
  'missingFreshMs',
  'jpegQuality',
  'webpQuality',
  'avifQuality',
  'progressive',
  'metadata',
] as const satisfies readonly OptionName[];
export type NamespaceLimit = (typeof namespaceLimits)[number];

/** A named plan: `m_cover,w_300,h_200`, and which operations a URL may add after its name. */
export type PresetConfig = Readonly<{
  name: string;
  spec: string;
  /** Operation names (`dpr`, `q`, ...) that may follow the preset's name in a URL. */
  overrides: readonly string[];
}>;

/** A registered watermark, or a font for text: read, hashed and measured when the configuration is loaded. */
export type AssetConfig = Readonly<{
  name: string;
  path: string;
  version: string;
  /** 0 for a font. */
  width: number;
  height: number;
  font?: true;
}>;

/** A foreign grammar at its place on the public port. */
export type MountConfig = Readonly<{
  /** Its name; src/dialects/registry.ts has them all. */
  grammar: string;
  /** Path prefix without a slash at its end; '' is the root. */
  at: string;
  /** The namespace whose keys URLs name here; null where they name it themselves. */
  namespace: string | null;
  /** The grammar's own settings, as its schema gave them. */
  settings: unknown;
}>;

/** A whole, valid configuration. Data only: it travels to the children as JSON. */
export type Config = Readonly<{
  /** Grows with every reload; orders carry it. */
  revision: number;
  options: Options;
  namespaces: Readonly<Record<string, NamespaceConfig>>;
  presets: Readonly<Record<string, PresetConfig>>;
  assets: Readonly<Record<string, AssetConfig>>;
  /** The longest places first: the order in which they are asked. */
  mounts: readonly MountConfig[];
}>;

/**
 * The options as they hold for one namespace. Asked several times a request, so the merged table is made once for each
 * configuration and namespace.
 */
export function optionsFor(config: Config, namespace: NamespaceConfig): Options {
  let byNamespace = merged.get(config);
  if (!byNamespace) {
    byNamespace = new WeakMap();
    merged.set(config, byNamespace);
  }
  let options = byNamespace.get(namespace);
  if (!options) {
    options = { ...config.options, ...namespace.limits };
    byNamespace.set(namespace, options);
  }
  return options;
}

const merged = new WeakMap<Config, WeakMap<NamespaceConfig, Options>>();

/** A namespace by its name, or null. Names come from URLs: `constructor` is one like any other. */
export const findNamespace = (config: Pick<Config, 'namespaces'>, name: string): NamespaceConfig | null =>
  Object.hasOwn(config.namespaces, name) ? (config.namespaces[name] ?? null) : null;

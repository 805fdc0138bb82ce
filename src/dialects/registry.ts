import type { Config, MountConfig, NamespaceConfig } from '../config/config.ts';
import { findNamespace } from '../config/config.ts';
import { canonicalPlan } from '../plan/canonical-plan.ts';
import { checkMarks } from '../plan/marks.ts';
import { stepsMax } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';
import { cloudflare } from './cloudflare/cloudflare.ts';
import type {
  Dialect,
  DialectParse,
  DialectRequest,
  FormattedError,
  Mounted,
  Page,
  PageMethod,
  ParsedRequest,
} from './dialect.ts';
import { iiif } from './iiif/iiif.ts';
import { imaginary } from './imaginary/imaginary.ts';
import { imagor } from './imagor/imagor.ts';
import { imgproxyDialect } from './imgproxy/imgproxy.ts';
import { ipx } from './ipx/ipx.ts';
import { parseNative } from './native/native.ts';
import { isNativePath } from './native/native-path.ts';
import { nativePathOf } from './native/native-path-of.ts';
import { nephele } from './nephele/nephele.ts';
import { nephele2015 } from './nephele-2015/nephele-2015.ts';
import { next } from './next/next.ts';
import { oss } from './oss/oss.ts';
import { qiniu } from './qiniu/qiniu.ts';
import { suffix } from './suffix/suffix.ts';
import { tencent } from './tencent/tencent.ts';
import { thumbor } from './thumbor/thumbor.ts';
import { weserv } from './weserv/weserv.ts';

/** The foreign grammars, by name. Our own is always there and stands behind those that are mounted. */
export const dialects: readonly Dialect[] = [
  imgproxyDialect as Dialect,
  iiif,
  oss,
  nephele,
  nephele2015,
  qiniu,
  tencent,
  suffix,
  thumbor,
  imagor,
  imaginary,
  cloudflare,
  weserv,
  ipx,
  next,
];

/** A request as the public port received it. */
export type RawRequest = Readonly<{
  rawPath: string;
  rawQuery: string | null;
  accept: string;
  /** All headers that some mounted grammar reads; see `headersRead`. */
  headers: Readonly<Record<string, string>>;
  origin: string;
  nowS: number;
}>;

/** Names of the request headers that have a say in what URLs mean under this configuration, besides Accept. */
export const headersRead = (config: Pick<Config, 'mounts'>): readonly string[] => [
  ...new Set(
    config.mounts.flatMap(({ grammar, settings }) => {
      const { headers = [] } = dialectNamed(grammar);
      return typeof headers === 'function' ? headers(settings) : headers;
    }),
  ),
];

/**
 * Reads a request in the grammar that claims it: the mounted ones by the length of their place, the longest first, then
 * our own. Throws not_found where none does, bad_url for a plan of more than `stepsMax` steps, bad_combination for too many marks, else as the grammar's `parse`.
 */
export function parseRequest(request: RawRequest, config: Config): ParsedRequest {
  const claim = claimOf(request, config);
  if (claim) return foreign(claim.dialect, claim.dialect.parse(claim.here, claim.mounted, config), request.accept);
  if (!isNativePath(request.rawPath)) throw new PileusError('not_found');
  return checked(parseNative(request, config));
}

/** The answer to an error in the words of the grammar whose place the request came to; null for our own. */
export function formatErrorAt(
  request: RawRequest,
  config: Config,
  error: PileusError,
  requestId: string,
): FormattedError | null {
  const claim = claimOf(request, config);
  return claim?.dialect.formatError?.(error, requestId, claim.mounted) ?? null;
}

/** What a grammar answers at this place without a source, or null. */
export function pageAt(request: RawRequest, method: PageMethod, config: Config): Page | null {
  for (const mount of config.mounts) {
    const { page } = dialectNamed(mount.grammar);
    const here = page && requestAt(request, mount);
    const found = here ? page(here, method, mountedOf(mount, config)) : null;
    if (found) return found;
  }
  return null;
}

type Claim = Readonly<{ dialect: Dialect; here: DialectRequest; mounted: Mounted }>;

/** The mounted grammar that answers for this request, or null. */
function claimOf(request: RawRequest, config: Config): Claim | null {
  for (const mount of config.mounts) {
    const here = requestAt(request, mount);
    if (here === null) continue;
    const dialect = dialectNamed(mount.grammar);
    const mounted = mountedOf(mount, config);
    if (dialect.match(here, mounted)) return { dialect, here, mounted };
  }
  return null;
}

/** The namespace that a path belongs to, as far as that can be said without parsing it. */
export function namespaceOfPath(rawPath: string, config: Config): NamespaceConfig | null {
  for (const mount of config.mounts) {
    if (mount.namespace !== null && restOf(rawPath, mount) !== null) return findNamespace(config, mount.namespace);
  }
  return findNamespace(config, rawPath.split('/', 2)[1] ?? '');
}

/** Who may ask from other pages, at this path: as its grammar says for all, else as its namespace. */
export function corsOfPath(rawPath: string, config: Config): NamespaceConfig['cors'] {
  const mount = config.mounts.find((each) => restOf(rawPath, each) !== null);
  const own = mount === undefined ? undefined : dialectNamed(mount.grammar).cors;
  return own ?? namespaceOfPath(rawPath, config)?.cors ?? null;
}

/** The schema of a grammar's settings. */
export const settingsOf = (name: string): Dialect['settings'] => dialectNamed(name).settings;

export function dialectNamed(name: string): Dialect {
  const dialect = byName.get(name);
  if (dialect === undefined) throw new PileusError('internal', { cause: new Error(`no grammar ${name}`) });
  return dialect;
}

/** Names of the foreign grammars, as a mount gives them. */
export const dialectNames: readonly string[] = dialects.map(({ name }) => name);

const byName: ReadonlyMap<string, Dialect> = new Map(dialects.map((dialect) => [dialect.name, dialect]));

const mountedOf = ({ at, namespace, settings }: MountConfig, config: Config): Mounted => ({
  at,
  namespace: namespace === null ? null : findNamespace(config, namespace),
  settings,
});

/** The path behind the mount's place, or null where the request came elsewhere. */
function restOf(rawPath: string, { at }: MountConfig): string | null {
  if (!rawPath.startsWith(at)) return null;
  const rest = rawPath.slice(at.length);
  return rest === '' || rest.startsWith('/') ? rest : null;
}

function requestAt(request: RawRequest, mount: MountConfig): DialectRequest | null {
  const rest = restOf(request.rawPath, mount);
  return rest === null ? null : { rest, ...request };
}

/**
 * Its plan in the one form that it has in our own grammar, so that equal meanings have equal keys. The native path takes longer than all
 * the rest, since it is read again before it is believed, and most that is refused never needs it: it is worked out when it is asked for.
 */
function foreign(dialect: Dialect, parse: DialectParse, accept: string): ParsedRequest {
  const plan = canonicalPlan(parse.plan, Number.POSITIVE_INFINITY);
  let path: string | null | undefined;
  return checked({
    dialect: dialect.name,
    source: parse.source,
    plan,
    get canonicalPath() {
      if (path === undefined) path = nativePathOf(parse.source, plan, accept);
      return path;
    },
    isCanonical: false,
    negotiated: parse.negotiated ?? null,
    presets: parse.presets ?? [],
    signed: parse.signed ?? false,
    expiresAtS: parse.expiresAtS ?? null,
    answer: parse.answer ?? {},
  });
}

function checked(parsed: ParsedRequest): ParsedRequest {
  const { length } = parsed.plan.steps;
  if (length > stepsMax) {
    throw new PileusError('bad_url', { detail: `The plan has ${length} steps, at most ${stepsMax}.` });
  }
  checkMarks(parsed.plan);
  return parsed;
}

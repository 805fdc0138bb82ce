import type { Config, NamespaceConfig } from '../../config/config.ts';
import { originalPlan } from '../../plan/canonical-plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { isNativePath } from '../native/native-path.ts';
import { checkOriginal, mayNameSource, sourceOfPath } from '../source-of-mount.ts';
import { readChain } from './chain.ts';
import { isFopQuery, readFopQuery } from './fop-query.ts';
import type { FopSettings } from './settings.ts';
import { splitStyle } from './style.ts';
import type { Vendor } from './vendor.ts';

/** A signature that was found in a query and is right; null where there is none. */
export type Signed = Readonly<{ expiresAtS: number | null }> | null;

/** How a vendor signs. */
export type Signing<Settings> = Readonly<{
  /** Names of the query's parts that belong to it. */
  names: ReadonlySet<string>;
  /** Throws signature_invalid, signature_expired or bad_url. */
  check: (request: DialectRequest, settings: Settings, pairs: ReadonlyMap<string, string>) => Signed;
  /** Does the mount have keys of its own? Then everything but a style has to be signed. */
  hasKeys: (settings: Settings) => boolean;
}>;

/** Keys with a query of this grammar or of its signatures, and keys without one; never native paths. */
export function claims(request: DialectRequest, mount: Mounted, names: ReadonlySet<string>): boolean {
  const { rest, rawPath, rawQuery } = request;
  if (!mayNameSource(rest, mount)) return false;
  return rawQuery === null ? !isNativePath(rawPath) : isFopQuery(rawQuery, names);
}

/**
 * Reads `/<key>?<chain>`, `/<key><separator><style>` and a bare key, which is the original. Throws what its parts throw, and
 * signature_missing, not_allowed, original_protected.
 */
export function parseFops<Settings extends FopSettings>(
  request: DialectRequest,
  mount: Mounted<Settings>,
  config: Config,
  vendor: Vendor,
  signing: Signing<Settings>,
): DialectParse {
  const { settings } = mount;
  const { namespace, source } = sourceOfPath(request.rest, mount, config);
  const { key } = source;
  const { chain, pairs } = readFopQuery(request.rawQuery, signing.names);
  const signed = signing.check(request, settings, pairs);
  const styled = splitStyle(key, settings);
  if (styled !== null && chain !== null) {
    throw new PileusError('bad_combination', { detail: `The style \`${styled.style}\` takes no operations.` });
  }
  if (styled === null) {
    const needsSignature = namespace.keys.length > 0 || signing.hasKeys(settings);
    authorise(settings, namespace, chain, signed !== null || !needsSignature);
  }
  const context = {
    vendor,
    lenience: settings,
    watermarks: { watermarks: settings.watermarks, marks: settings.marks, fonts: settings.fonts, config },
  };
  const text = styled?.chain ?? chain;
  return {
    source: { ns: namespace.name, key: styled?.key ?? key },
    plan: text === null ? originalPlan : readChain(text, context),
    presets: styled === null ? [] : [styled.style],
    signed: signed !== null,
    expiresAtS: signed?.expiresAtS ?? null,
  };
}

function authorise(settings: FopSettings, namespace: NamespaceConfig, chain: string | null, free: boolean): void {
  if (chain === null) checkOriginal(namespace);
  if (settings.stylesOnly) throw new PileusError('not_allowed', { detail: 'Only styles are answered here.' });
  if (!free && !settings.open) throw new PileusError('signature_missing', { detail: 'Only styles need no signature.' });
}

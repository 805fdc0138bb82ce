import type { AssetConfig, Options } from '../config/config.ts';
import { shortHash } from '../shared/short-hash.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Plan, SourceRef } from './plan.ts';

/** Grows when the same Plan comes to mean another picture: every request key changes with it. */
const planVersion = 1;

/**
 * The key of a request, known from its URL alone: joins equal requests, finds results in memory and the alias of
 * a derivation. Equal sources, plans (presets expanded, negotiated format inside) and salts give equal keys.
 * `revisionSalt` is `encodeSalt(...)` of the namespace.
 */
export function requestKey(source: SourceRef, plan: Plan, revisionSalt: string): string {
  return shortHash(`request ${planVersion}\n${source.ns}\n${source.key}\n${canonicalJson(plan)}\n${revisionSalt}`);
}

/** Options that change the bytes of a result without standing in its plan. */
const encodeOptions = [
  'jpegQuality',
  'webpQuality',
  'avifQuality',
  'webpEffort',
  'avifEffort',
  'pngCompression',
  'gifEffort',
  'progressive',
  'metadata',
  'budgetEncodesMax',
] as const;

/**
 * The part of the configuration that changes bytes, as a short string: encode defaults and the versions of the
 * watermark assets. `options` are those of the namespace (`optionsFor`). `more` takes what else the caller knows
 * to change bytes: the encoder's version, whether the namespace animates or accepts truncated pictures.
 */
export function encodeSalt(
  options: Pick<Options, (typeof encodeOptions)[number]>,
  assets: Readonly<Record<string, Pick<AssetConfig, 'version'>>>,
  more: readonly string[] = [],
): string {
  const versions = Object.entries(assets).map(([name, asset]) => [name, asset.version] as const);
  versions.sort(([one], [other]) => (one < other ? -1 : 1));
  return shortHash(canonicalJson([encodeOptions.map((name) => options[name]), versions, more]));
}

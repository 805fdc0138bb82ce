import type { Config, NamespaceConfig } from '../../config/config.ts';
import { canonicalPlan, originalPlan } from '../../plan/canonical-plan.ts';
import { negotiate } from '../../plan/negotiate.ts';
import type { Negotiated, Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Dialect, DialectParse, DialectRequest, Mounted } from '../dialect.ts';
import { limitsFor } from '../native/limits.ts';
import { isNativePath } from '../native/native-path.ts';
import { opsToPlan } from '../native/ops-to-plan.ts';
import { expandPreset } from '../native/preset.ts';
import { checkKey } from '../native/source-key.ts';
import { noOps } from '../native/tokens.ts';
import { resizeStep } from '../resize-step.ts';
import { checkOpen, checkOriginal, mayNameSource, sourceOfPath } from '../source-of-mount.ts';
import { type SuffixSettings, splitSize, suffixSettings } from './settings.ts';

const dialect: Dialect<SuffixSettings> = {
  name: 'suffix',
  settings: suffixSettings,
  match: ({ rest, rawPath }, mount) => mayNameSource(rest, mount) && !isNativePath(rawPath),
  parse,
};

/**
 * Small systems' URLs: `/prew/<preset>/<key>`, `<name>_290x290.<ext>`, and bare keys, which are originals. Presets are those of the
 * configuration. docs/dialects/suffix.md.
 */
// The registry hands a mount over with the settings that this schema gave.
export const suffix = dialect as Dialect;

function parse(request: DialectRequest, mount: Mounted<SuffixSettings>, config: Config): DialectParse {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const { settings } = mount;
  const { namespace, source } = sourceOfPath(request.rest, mount, config);
  const { key } = source;
  const negotiated = settings.format === 'auto' ? negotiate(request.accept) : null;

  const named = splitPreset(key, settings);
  if (named !== null) {
    return {
      source: { ns: namespace.name, key: checkKey(settings.originals + named.key) },
      plan: presetPlan(named.preset, settings, config, namespace, negotiated),
      presets: [named.preset],
      negotiated,
    };
  }
  const sized = splitSize(key, settings.sizes);
  if (sized !== null) {
    return {
      source: { ns: namespace.name, key: checkKey(sized.key) },
      plan: sizedPlan(sized, settings, negotiated),
      negotiated,
    };
  }
  checkOriginal(namespace);
  checkOpen(namespace, settings.open);
  return { source, plan: originalPlan };
}

function splitPreset(key: string, { presets }: SuffixSettings): Readonly<{ preset: string; key: string }> | null {
  if (presets === null || !key.startsWith(`${presets}/`)) return null;
  const from = presets.length + 1;
  const to = key.indexOf('/', from);
  if (to < 0) throw new PileusError('bad_key', { detail: `Expected ${presets}/<preset>/<key>.` });
  return { preset: key.slice(from, to), key: key.slice(to + 1) };
}

function presetPlan(
  preset: string,
  { format }: SuffixSettings,
  config: Config,
  namespace: NamespaceConfig,
  negotiated: Negotiated | null,
): Plan {
  const limits = limitsFor(config, namespace);
  const stages = expandPreset(preset, noOps(), config, namespace, limits);
  return opsToPlan(stages, { view: 'image', format, negotiated }, limits.sideMax);
}

const sizedPlan = (
  { w, h }: Readonly<{ w: number; h: number }>,
  { mode, enlarge, quality, format }: SuffixSettings,
  negotiated: Negotiated | null,
): Plan =>
  canonicalPlan(
    {
      view: 'image',
      decode: { orient: true, frames: 'auto' },
      steps: [resizeStep(mode, { by: 'box', w, h }, enlarge ? 'yes' : 'no')],
      encode: {
        format,
        ...(negotiated === null ? {} : { negotiated }),
        ...(quality === null ? {} : { quality: { kind: 'absolute', value: quality } }),
      },
    },
    Number.POSITIVE_INFINITY,
  );

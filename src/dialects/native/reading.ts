import { type Config, findNamespace, type NamespaceConfig } from '../../config/config.ts';
import { negotiate } from '../../plan/negotiate.ts';
import type { FormatWish, Negotiated, OutputFormat, Plan, Step, View } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { writeSpec } from './format-spec.ts';
import { limitsFor } from './limits.ts';
import { opsToPlan } from './ops-to-plan.ts';
import { planToOps } from './plan-to-ops.ts';
import { expandPreset } from './preset.ts';
import { checkKey } from './source-key.ts';
import { headOf, readSpec } from './spec.ts';
import type { Ops, Stages } from './tokens.ts';
import { quoted } from './values.ts';

/** A spec and its extension, understood within a namespace; policy not yet applied. */
export type Reading = Readonly<{
  plan: Plan;
  /** The one spelling of the spec; signatures are made over it. */
  canonicalSpec: string;
  preset: string | null;
  /** What the canonical spec says beside view and preset, an expiry included. */
  ops: Ops;
  then: readonly Ops[];
  negotiated: Negotiated | null;
}>;

/** Understands a spec. Throws bad_url, bad_operation, bad_value, bad_combination, preset_not_found, not_allowed. */
export function readPlan(
  config: Config,
  namespace: NamespaceConfig,
  text: string,
  ext: string,
  accept: string,
): Reading {
  const limits = limitsFor(config, namespace);
  const { view, preset, ...written } = readSpec(text, limits);
  const format = formatOf(view, ext);
  const meant = preset === null ? written : expandPreset(preset, written.ops, config, namespace, limits);
  // Where the URL says itself what was negotiated, Accept has no say.
  const negotiated = format === 'auto' && meant.ops.nt === undefined ? negotiate(accept) : null;
  for (const { wm, tx } of [meant.ops, ...meant.then]) {
    if (wm) checkMark(wm, config, namespace);
    if (tx) checkMark(tx, config, namespace);
  }
  const plan = opsToPlan(meant, { view, format, negotiated }, limits.sideMax);

  // After a preset's name nothing is dropped: what the preset says may change, what the URL says may not.
  const stages = preset === null ? canonicalStages(plan, written.ops) : written;
  return { plan, canonicalSpec: writeSpec(view, preset, stages), preset, ...stages, negotiated };
}

/**
 * Throws bad_value for a watermark or a font that the configuration does not have, not_found and bad_key for an original that cannot
 * be, not_allowed for one of another namespace with keys: the signature here is not that one's.
 */
function checkMark(step: Step, config: Config, namespace: NamespaceConfig): void {
  const { assets } = config;
  if (step.op === 'watermark') {
    const { asset } = step;
    if (typeof asset !== 'string') {
      const theirs = findNamespace(config, asset.ns);
      if (theirs === null) throw new PileusError('not_found', { detail: `There is no namespace ${quoted(asset.ns)}.` });
      checkKey(asset.key);
      if (theirs.keys.length > 0 && theirs !== namespace)
        throw new PileusError('not_allowed', {
          detail: `\`wm\`: an original of ${quoted(asset.ns)} is not drawn here.`,
        });
    } else if (!Object.hasOwn(assets, asset)) {
      throw new PileusError('bad_value', { detail: `There is no watermark ${quoted(asset)} for \`wm\`.` });
    }
  }
  if (step.op === 'text' && !(Object.hasOwn(assets, step.font) && assets[step.font]?.font)) {
    throw new PileusError('bad_value', { detail: `There is no font ${quoted(step.font)} for \`tx\`.` });
  }
}

const imageExtensions: ReadonlySet<string> = new Set<OutputFormat | 'auto' | 'same'>([
  'jpg',
  'png',
  'webp',
  'avif',
  'gif',
  'tif',
  'bmp',
  'ico',
  'auto',
  'same',
]);

const isImageExtension = (ext: string): ext is OutputFormat | 'auto' | 'same' => imageExtensions.has(ext);

/** What the extension asks for. `explain` explains what `auto` would give. */
function formatOf(view: View, ext: string): FormatWish {
  if (view === 'original') return 'source';
  if (view === 'image') {
    if (isImageExtension(ext)) return ext === 'same' ? 'source' : ext;
    if (ext === 'json') throw badExtension('`.json` goes with info, explain, avg and ph only.');
    throw new PileusError('bad_url', {
      detail: `Expected one of ${[...imageExtensions].join(', ')} as the extension, got ${quoted(ext)}.`,
    });
  }
  if (ext !== 'json') throw badExtension(`\`${headOf(view)}\` goes with .json only, got ${quoted(ext)}.`);
  return view === 'explain' ? 'auto' : 'source';
}

const badExtension = (detail: string): PileusError => new PileusError('bad_combination', { detail });

function canonicalStages(plan: Plan, { nt, e }: Ops): Stages {
  const stages = planToOps(plan, nt !== undefined);
  if (stages === null) throw new PileusError('internal', { cause: new Error('a native plan without native words') });
  stages.ops.e = e;
  return stages;
}

import type { Config, NamespaceConfig, PresetConfig } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import { override } from './combinations.ts';
import { type Limits, widestLimits } from './limits.ts';
import { readSpec } from './spec.ts';
import { namesIn, type Ops, type Stages } from './tokens.ts';

/**
 * Presets: named specs of the configuration. A URL names one and may override what the preset allows; the plan
 * and every key hold the expansion, the URL keeps the name, so that sizes can change centrally.
 */

/**
 * The operations that `overrides` after the preset's name mean; of several stages they change the first. Throws preset_not_found, not_allowed or
 * bad_value.
 */
export function expandPreset(
  name: string,
  overrides: Ops,
  config: Config,
  namespace: NamespaceConfig,
  limits: Limits,
): Stages {
  const preset = Object.hasOwn(config.presets, name) ? config.presets[name] : undefined;
  if (preset === undefined || (namespace.presets !== 'all' && !namespace.presets.includes(name))) {
    throw new PileusError('preset_not_found', { detail: `There is no preset \`${name}\` here.` });
  }
  for (const op of namesIn(overrides)) {
    if (alwaysAllowed.has(op) || preset.overrides.includes(op)) continue;
    throw new PileusError('not_allowed', { detail: `The preset \`${name}\` does not allow \`${op}\` after it.` });
  }
  const { ops, then } = stagesOf(preset);
  const stages = { ops: override(ops, overrides), then };
  for (const stage of [stages.ops, ...then]) checkLimits(name, stage, limits);
  return stages;
}

/** An expiry is no part of the picture, and every preset may be asked for at any density. */
const alwaysAllowed: ReadonlySet<string> = new Set(['dpr', 'e']);

// A configuration is never changed in place, so what a preset means is read once.
const parsedPresets = new WeakMap<PresetConfig, Stages>();

function stagesOf(preset: PresetConfig): Stages {
  let stages = parsedPresets.get(preset);
  if (stages === undefined) {
    stages = readSpec(preset.spec, widestLimits);
    parsedPresets.set(preset, stages);
  }
  return stages;
}

/** A namespace may set lower limits than those that the preset was written for. */
function checkLimits(preset: string, ops: Ops, limits: Limits): void {
  for (const [op, limit] of limitedOps) {
    const value = ops[op];
    if (value === undefined || value <= limits[limit]) continue;
    throw new PileusError('bad_value', {
      detail: `The preset \`${preset}\` has \`${op}\` ${value}, at most ${limits[limit]} here.`,
    });
  }
}

const limitedOps = [
  ['w', 'sideMax'],
  ['h', 'sideMax'],
  ['l', 'sideMax'],
  ['s', 'sideMax'],
  ['a', 'areaMax'],
  ['kb', 'kilobytesMax'],
] as const;

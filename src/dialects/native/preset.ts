import type { Config, NamespaceConfig, PresetConfig } from '../../config/config.ts';
import { isPileusError, PileusError } from '../../shared/errors.ts';
import { checkCombinations, override } from './combinations.ts';
import { type Limits, widestLimits } from './limits.ts';
import { presetPattern, readSpec, readToken, reservedHeads, splitSpec } from './spec.ts';
import { isOpName, type Ops, opNames } from './tokens.ts';

/**
 * Presets: named specs of the configuration. A URL names one and may override what the preset allows; the plan
 * and every key hold the expansion, the URL keeps the name, so that sizes can change centrally.
 */

/** The operations that `overrides` after the preset's name mean. Throws preset_not_found, not_allowed or bad_value. */
export function expandPreset(
  name: string,
  overrides: Ops,
  config: Config,
  namespace: NamespaceConfig,
  limits: Limits,
): Ops {
  const preset = Object.hasOwn(config.presets, name) ? config.presets[name] : undefined;
  if (preset === undefined || (namespace.presets !== 'all' && !namespace.presets.includes(name))) {
    throw new PileusError('preset_not_found', { detail: `There is no preset \`${name}\` here.` });
  }
  for (const op of opNames) {
    if (overrides[op] === undefined || alwaysAllowed.has(op) || preset.overrides.includes(op)) continue;
    throw new PileusError('not_allowed', { detail: `The preset \`${name}\` does not allow \`${op}\` after it.` });
  }
  const ops = override(opsOf(preset), overrides);
  checkLimits(name, ops, limits);
  return ops;
}

/** An expiry is no part of the picture, and every preset may be asked for at any density. */
const alwaysAllowed: ReadonlySet<string> = new Set(['dpr', 'e']);

// A configuration is never changed in place, so what a preset means is read once.
const parsedPresets = new WeakMap<PresetConfig, Ops>();

function opsOf(preset: PresetConfig): Ops {
  let ops = parsedPresets.get(preset);
  if (ops === undefined) {
    ops = readSpec(preset.spec, widestLimits).ops;
    parsedPresets.set(preset, ops);
  }
  return ops;
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

/** What a preset may be checked against, beyond the grammar. */
export type PresetContext = Readonly<{
  limits?: Limits /** Names of the watermark assets. */;
  assets?: readonly string[];
}>;

/**
 * Every fault of a configured preset in plain sentences, none when it is right. Without a context, values are
 * held to the bounds that no configuration can exceed, and watermarks may name any asset.
 */
export function checkPreset(
  name: string,
  spec: string,
  overrides: readonly string[],
  context: PresetContext = {},
): string[] {
  return [...nameFaults(name), ...specFaults(spec, context), ...overrideFaults(overrides)];
}

function nameFaults(name: string): string[] {
  if (reservedHeads.includes(name)) return [`The name ${name} is reserved for a view.`];
  if (presetPattern.test(name)) return [];
  return ['A name has 1-32 of a-z, 0-9 and -, beginning with a letter.'];
}

function specFaults(spec: string, { limits = widestLimits, assets }: PresetContext): string[] {
  const faults: string[] = [];
  const ops: Ops = {};
  try {
    for (const token of splitSpec(spec)) {
      if (reservedHeads.includes(token)) faults.push(`A preset cannot be the view ${token}.`);
      else if (presetPattern.test(token)) faults.push(`A preset cannot name another preset (${token}).`);
      else attempt(faults, () => readToken(token, ops, limits));
    }
    attempt(faults, () => checkCombinations(ops));
  } catch (error) {
    faults.push(sentenceOf(error));
  }
  if (ops.e !== undefined) faults.push('A preset cannot expire: `e` belongs into a signed URL.');
  if (ops.wm !== undefined && assets !== undefined && !assets.includes(ops.wm.asset)) {
    faults.push(`There is no watermark asset ${ops.wm.asset}.`);
  }
  return faults;
}

function attempt(faults: string[], step: () => void): void {
  try {
    step();
  } catch (error) {
    faults.push(sentenceOf(error));
  }
}

/** The detail of a refusal; anything else is a defect and goes on. */
function sentenceOf(error: unknown): string {
  if (isPileusError(error)) return error.detail ?? error.message;
  throw error;
}

function overrideFaults(overrides: readonly string[]): string[] {
  return overrides.flatMap((name, index) => {
    if (!isOpName(name)) return [`There is no operation ${name} to override.`];
    if (name === 'e') return ['`e` cannot be an override: it belongs into a signed URL.'];
    return overrides.indexOf(name) === index ? [] : [`The override ${name} is listed twice.`];
  });
}

import { isPileusError } from '../../shared/errors.ts';
import { type Limits, widestLimits } from './limits.ts';
import { stepsOf } from './ops-to-plan.ts';
import { presetPattern, readStages, reservedHeads, splitSpec } from './spec.ts';
import { isOpName } from './tokens.ts';

/** What a preset may be checked against, beyond the grammar. */
export type PresetContext = Readonly<{
  limits?: Limits;
  /** Names of the assets: watermarks and fonts. */
  assets?: readonly string[];
}>;

/**
 * Every fault of a configured preset in plain sentences, none when it is right. Without a context, values are
 * held to the bounds that no configuration can exceed, and watermarks and texts may name any asset.
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
  try {
    const tokens = splitSpec(spec).filter((token) => {
      if (reservedHeads.includes(token)) faults.push(`A preset cannot be the view ${token}.`);
      else if (presetPattern.test(token)) faults.push(`A preset cannot name another preset (${token}).`);
      else return true;
      return false;
    });
    const stages = readStages(tokens, limits, (read) => attempt(faults, read));
    if (stages.ops.e !== undefined) faults.push('A preset cannot expire: `e` belongs into a signed URL.');
    for (const step of stepsOf(stages)) {
      if (assets === undefined) continue;
      if (step.op === 'watermark' && typeof step.asset === 'string' && !assets.includes(step.asset)) {
        faults.push(`There is no watermark asset ${step.asset}.`);
      }
      if (step.op === 'text' && !assets.includes(step.font)) faults.push(`There is no font asset ${step.font}.`);
    }
  } catch (error) {
    faults.push(sentenceOf(error));
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

import type { Gravity, Rgba } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue, quoted } from '../native/values.ts';
import { readNumber, readWhole } from '../read-number.ts';

/** The parameters of one operation, decoded; by name. */
export type Params = ReadonlyMap<string, string>;

/** Parameters that an operation understands here. */
export const operationNames: ReadonlySet<string> = new Set([
  ...['width', 'height', 'top', 'left', 'areawidth', 'areaheight', 'factor', 'rotate', 'flip', 'flop', 'nocrop'],
  ...['force', 'embed', 'extend', 'gravity', 'norotation', 'background', 'sigma', 'minampl', 'colorspace'],
  ...['type', 'quality', 'compression', 'interlace', 'stripmeta', 'noprofile', 'image', 'opacity'],
  ...['text', 'font', 'dpi', 'textwidth', 'margin', 'color', 'noreplicate'],
]);

/** What imaginary has and a plan cannot say, and why. */
const refused: ReadonlyMap<string, string> = new Map([
  ['aspectratio', 'Both sides have to be given.'],
  ['palette', 'PNG is written in full colour.'],
  ['speed', 'The effort of an encoder is configured.'],
  ['key', 'There are no API keys here.'],
]);

/** Throws operation_unsupported or bad_operation for a parameter that no operation has here. */
export function checkName(name: string): void {
  if (operationNames.has(name)) return;
  const why = refused.get(name);
  if (why !== undefined) throw unsupported(`\`${name}\`: ${why}`);
  throw new PileusError('bad_operation', { detail: `There is no parameter ${quoted(name)}.` });
}

export const unsupported = (detail: string): PileusError => new PileusError('operation_unsupported', { detail });

/** Longest side and furthest offset. */
const pixelsMax = 65_535;

/** A side or an offset in pixels; 0, as absence, is null. Throws bad_value. */
export function pixels(params: Params, name: string): number | null {
  const raw = params.get(name);
  if (raw === undefined || raw === '') return null;
  return readWhole(raw, name, 0, pixelsMax) || null;
}

/** A number, or null where it is absent. Throws bad_value. */
export function number(params: Params, name: string, min: number, max: number): number | null {
  const raw = params.get(name);
  return raw === undefined || raw === '' ? null : readNumber(raw, name, min, max);
}

/** As Go reads booleans; null where it is absent. Throws bad_value. */
export function flag(params: Params, name: string): boolean | null {
  const raw = params.get(name);
  if (raw === undefined) return null;
  if (/^(?:1|t|T|true|TRUE|True)$/.test(raw)) return true;
  if (/^(?:|0|f|F|false|FALSE|False)$/.test(raw)) return false;
  throw badValue(name, 'true or false', raw);
}

const gravities: ReadonlyMap<string, Gravity> = new Map([
  ['centre', compassGravity('c')],
  ['north', compassGravity('n')],
  ['south', compassGravity('s')],
  ['west', compassGravity('w')],
  ['east', compassGravity('e')],
  ['smart', { kind: 'smart', by: 'attention' }],
]);

/** Throws bad_value. */
export function gravityOf(params: Params): Gravity {
  const raw = params.get('gravity') ?? 'centre';
  const gravity = gravities.get(raw);
  if (gravity === undefined) throw badValue('gravity', [...gravities.keys()].join(', '), raw);
  return gravity;
}

/** `background=r,g,b`; undefined where it is absent. Throws bad_value. */
export const backgroundOf = (params: Params): Rgba | undefined => colourAt(params, 'background');

/** A colour `r,g,b`; undefined where it is absent. Throws bad_value. */
export function colourAt(params: Params, name: string): Rgba | undefined {
  const raw = params.get(name);
  if (raw === undefined) return undefined;
  const channels = raw.split(',', 4);
  if (channels.length !== 3) throw badValue(name, 'r,g,b', raw);
  const digits = (channel: string): string => readWhole(channel.trim(), name, 0, 255).toString(16).padStart(2, '0');
  return `${channels.map(digits).join('')}ff`;
}

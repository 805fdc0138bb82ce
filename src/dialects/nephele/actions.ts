import type { OutputFormat } from '../../plan/plan.ts';
import { quoted, readDecimal } from '../native/values.ts';
import type { Action, Actions, Apply } from '../oss/action.ts';
import type { DraftDefaults } from '../oss/draft.ts';
import { choiceOf, integerOf, missing, readParams } from '../oss/params.ts';
import { refusal } from '../oss/refusal.ts';
import { crop } from './crop.ts';
import { resize } from './resize.ts';
import { watermark } from './watermark.ts';

/** What the second nephele means where a URL says nothing: the stored orientation, quality as the node has it. */
export const defaults: DraftDefaults = { orient: false, encode: () => ({ progressive: false }) };

/** Of all its actions but the large ones: one value, `v`. */
const valueName = new Set(['v']);
const black = '000000ff';

const rotate: Apply = (action, draft) => {
  const degrees = integerOf(readParams(action, valueName), 'v', 0, 360);
  if (degrees === null) throw missing(action.name, '`v`');
  if (degrees % 90 !== 0) draft.fill(action.name, black);
  if (degrees % 360 !== 0) draft.add({ op: 'rotate', degrees });
};

/** 0 keeps the source's quality. */
const quality: Apply = (action, draft) => {
  const value = integerOf(readParams(action, valueName), 'v', 0, 100);
  if (value === null) throw missing(action.name, '`v`');
  draft.wish(action.name, {
    quality: value === 0 ? { kind: 'source-capped', value: 100 } : { kind: 'absolute', value },
  });
};

const formats: ReadonlyMap<string, OutputFormat> = new Map([
  ['jpg', 'jpg'],
  ['png', 'png'],
  ['webp', 'webp'],
  ['gif', 'gif'],
]);

const format: Apply = (action, draft) => {
  const wanted = choiceOf(readParams(action, valueName), 'v', formats);
  if (wanted === null) throw missing(action.name, '`v`');
  draft.wish(action.name, { format: wanted });
};

const sharpenNames = new Set(['r', 's']);

/** `s` is the mask's sigma. `r`, how far it is computed, is read and means nothing here. */
const sharpen: Apply = (action, draft) => {
  const { values } = readParams(action, sharpenNames);
  const radius = values.get('r');
  const sigma = values.get('s');
  if (radius !== undefined) readDecimal(radius, 'r', 0, 100);
  if (sigma === undefined) throw missing(action.name, '`s`');
  draft.add({ op: 'sharpen', sigma: readDecimal(sigma, 's', 0.01, 10) });
};

const strip: Apply = (action, draft) => {
  refuseParams(action);
  draft.wish(action.name, { metadata: 'none' });
};

/** Upright, before anything else: a plan orients first. */
const autoorient: Apply = (action, draft) => {
  refuseParams(action);
  if (draft.isBegun) {
    throw refusal('operation_unsupported', '`autoorient` has to stand before what changes the picture.');
  }
  draft.orient(action.name, true);
};

function refuseParams({ name, params }: Action): void {
  if (params.length > 0) throw refusal('bad_operation', `\`${name}\` has no parameter ${quoted(params.join(','))}.`);
}

/** The actions of the second nephele. */
export const actions: Actions = new Map<string, Apply>([
  ['resize', resize],
  ['crop', crop],
  ['rotate', rotate],
  ['quality', quality],
  ['format', format],
  ['sharpen', sharpen],
  ['strip', strip],
  ['autoorient', autoorient],
  ['watermark', watermark],
]);

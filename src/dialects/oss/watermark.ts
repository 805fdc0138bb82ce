import { badValue } from '../native/values.ts';
import type { Action, Apply } from './action.ts';
import { decodeBase64 } from './base64.ts';
import { assetNamed } from './context.ts';
import { isHalfway, isMiddle, places } from './gravity.ts';
import { choiceOf, flags, integerOf, missing, readParams } from './params.ts';
import { refusal } from './refusal.ts';

const names = new Set(['image', 't', 'g', 'x', 'y', 'voffset', 'P', 'fill']);

/** Parameters of watermarks made of text, alone or beside a picture. */
const textNames = new Set([
  'text',
  'type',
  'color',
  'size',
  'shadow',
  'rotate',
  'order',
  'align',
  'interval',
  'padx',
  'pady',
]);

const offsetMax = 4096;
const offsetDefault = 10;

/**
 * `watermark` of a picture. `x` counts where the place has a left or right edge, `y` where it has an upper or lower one,
 * and `voffset` moves the rest up or down: those that do not count are ignored, as OSS has it.
 */
export const watermark: Apply = (action, draft, context) => {
  refuseText(action);
  const params = readParams(action, names);
  const image = params.values.get('image');
  if (image === undefined) throw missing(action.name, '`image`');
  const { name, percent } = readPicture(image);
  const ownPercent = integerOf(params, 'P', 1, 100);
  if (percent !== null && ownPercent !== null) throw refusal('bad_combination', '`P` of `watermark` stands twice.');
  if (choiceOf(params, 'fill', flags) === true) throw unsupported('`fill_1`');
  const place = choiceOf(params, 'g', places) ?? 'se';
  const x = integerOf(params, 'x', 0, offsetMax) ?? offsetDefault;
  const y = integerOf(params, 'y', 0, offsetMax) ?? offsetDefault;
  const voffset = integerOf(params, 'voffset', -1000, 1000) ?? 0;
  draft.add({
    op: 'watermark',
    asset: assetNamed(name, context),
    gravity: place,
    dx: isMiddle(place) ? 0 : x,
    dy: isHalfway(place) ? voffset : y,
    opacity: integerOf(params, 't', 0, 100) ?? 100,
    scalePercent: percent ?? ownPercent ?? 0,
  });
};

function refuseText({ params }: Action): void {
  for (const param of params) {
    const name = param.split('_', 1)[0] ?? '';
    if (textNames.has(name)) throw unsupported(`\`${name}\``);
  }
}

const unsupported = (what: string) =>
  refusal(
    'operation_unsupported',
    `A watermark is one registered picture: ${what} is not drawn here.`,
    'NotImplemented',
  );

const scaledPattern = /^x-oss-process=image\/resize,P_([0-9]{1,3})$/;

/** `panda.png`, or `panda.png?x-oss-process=image/resize,P_30`: its width in percent of the picture's. */
function readPicture(raw: string): Readonly<{ name: string; percent: number | null }> {
  const text = decodeBase64(raw);
  if (text === null) throw refusal('bad_value', '`image` of `watermark` is not base64 of a name.', 'WatermarkError');
  const question = text.indexOf('?');
  if (question < 0) return { name: text, percent: null };
  const [, digits] = scaledPattern.exec(text.slice(question + 1)) ?? [];
  if (digits === undefined) throw unsupported('a process of its own, but `image/resize,P_<percent>`,');
  const percent = Number(digits);
  if (percent < 1 || percent > 100) throw badValue('P', 'an integer in 1-100', digits);
  return { name: text.slice(0, question), percent };
}

import type { Compass, MarkLook, Step, TileAxis } from '../../plan/plan.ts';
import { badValue } from '../native/values.ts';
import type { Action, Apply } from './action.ts';
import { decodeBase64 } from './base64.ts';
import { type ActionContext, fontNamed, pictureNamed } from './context.ts';
import { isHalfway, isMiddle, places } from './gravity.ts';
import { choiceOf, flags, integerOf, missing, type Params, readParams } from './params.ts';
import { refusal } from './refusal.ts';

const common = ['t', 'g', 'x', 'y', 'voffset', 'fill', 'padx', 'pady'];
const pictureNames = new Set([...common, 'image', 'P']);
const textNames = new Set([...common, 'text', 'type', 'color', 'size', 'shadow', 'rotate']);

const offsetMax = 4096;
const offsetDefault = 10;
const gapMax = 4096;

/** What text is where a URL says nothing. */
const textDefaults = { type: 'wqy-zenhei', color: '000000', size: 40 } as const;
/** Of the base64, as documented. */
const encodedMax = 64;

/**
 * `watermark` of a picture or of text. `x` counts where the place has a left or right edge, `y` where it has an upper or lower one,
 * and `voffset` moves the rest up or down: those that do not count are ignored, as OSS has it.
 */
export const watermark: Apply = (action, draft, context) => {
  const has = (name: string): boolean => action.params.some((param) => param.startsWith(`${name}_`));
  if (has('image') && has('text')) throw unsupported('text beside a picture');
  draft.add(has('text') ? textStep(action, context) : pictureStep(action, context));
};

function pictureStep(action: Action, context: ActionContext): Step {
  const params = readParams(action, pictureNames);
  const image = params.values.get('image');
  if (image === undefined) throw missing(action.name, '`image` or `text`');
  const { name, percent } = readPicture(image);
  const ownPercent = integerOf(params, 'P', 1, 100);
  if (percent !== null && ownPercent !== null) throw refusal('bad_combination', '`P` of `watermark` stands twice.');
  return {
    op: 'watermark',
    asset: pictureNamed(name, context),
    ...placeOf(params),
    scalePercent: percent ?? ownPercent ?? 0,
  };
}

function textStep(action: Action, context: ActionContext): Step {
  const params = readParams(action, textNames);
  const encoded = params.values.get('text') ?? '';
  const text = encoded.length > encodedMax ? null : decodeBase64(encoded);
  if (text === null)
    throw refusal('bad_value', '`text` of `watermark` is not base64 of at most 64 characters.', 'WatermarkError');
  const type = params.values.get('type');
  const font = type === undefined ? textDefaults.type : decodeBase64(type);
  if (font === null) throw refusal('bad_value', '`type` of `watermark` is not base64 of a name.', 'WatermarkError');
  const color = params.values.get('color') ?? textDefaults.color;
  if (!/^[0-9A-Fa-f]{6}$/.test(color)) throw badValue('color', 'six hex digits', color);
  const size = integerOf(params, 'size', 1, 1000) ?? textDefaults.size;
  const degrees = (integerOf(params, 'rotate', 0, 360) ?? 0) % 360;
  const opacity = integerOf(params, 'shadow', 0, 100) ?? 0;
  return {
    op: 'text',
    text,
    font: fontNamed(font, context),
    size,
    colour: `${color.toLowerCase()}ff`,
    ...placeOf(params),
    ...(degrees === 0 ? {} : { degrees }),
    ...(opacity === 0 ? {} : { shadow: shadowOf(size, opacity) }),
  };
}

/** A twentieth of an em to the lower right, and half as soft; no document says more. */
function shadowOf(size: number, opacity: number): NonNullable<MarkLook['shadow']> {
  const offset = Math.max(1, Math.round(size / 20));
  return { sigma: offset / 2, opacity, dx: offset, dy: offset };
}

type Placed = Readonly<{
  gravity: Compass;
  dx: number;
  dy: number;
  opacity: number;
  tile?: NonNullable<MarkLook['tile']>;
}>;

function placeOf(params: Params): Placed {
  const place = choiceOf(params, 'g', places) ?? 'se';
  const x = integerOf(params, 'x', 0, offsetMax) ?? offsetDefault;
  const y = integerOf(params, 'y', 0, offsetMax) ?? offsetDefault;
  const voffset = integerOf(params, 'voffset', -1000, 1000) ?? 0;
  const opacity = integerOf(params, 't', 0, 100) ?? 100;
  const gap = (name: string): TileAxis => ({ by: 'start', gap: integerOf(params, name, 0, gapMax) ?? 0 });
  const [across, down] = [gap('padx'), gap('pady')];
  // Copies cover the picture from its corner, wherever one of them would have been put.
  if (choiceOf(params, 'fill', flags) === true)
    return { gravity: 'nw', dx: 0, dy: 0, opacity, tile: { x: across, y: down } };
  return { gravity: place, dx: isMiddle(place) ? 0 : x, dy: isHalfway(place) ? voffset : y, opacity };
}

const unsupported = (what: string) =>
  refusal('operation_unsupported', `A watermark is one picture, or text: ${what} is not drawn here.`, 'NotImplemented');

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

import type { Config } from '../../config/config.ts';
import type { Step, TileAxis } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue, quoted } from '../native/values.ts';
import { colourAt, flag, number, type Params, pixels, unsupported } from './params.ts';
import type { ImaginarySettings } from './settings.ts';

/** What the parameters leave out. */
const standard = { points: 10, dpi: 150, opacity: 0.2, colour: '000000ff' } as const;

const pointsPerInch = 72;
const textLengthMax = 1024;
const sizeMax = 1000;

/**
 * `/watermark`: text in copies all over the picture, `margin` pixels from one another, or with `noreplicate` once, so far from the upper
 * left corner. `font=sans bold 12` names a registered font and its size in points. Throws bad_value, operation_unsupported.
 */
export function textMark(params: Params, settings: ImaginarySettings, assets: Config['assets']): Step {
  const text = params.get('text') ?? '';
  if (text === '' || text.length > textLengthMax) throw badValue('text', `1 to ${textLengthMax} characters`, text);
  if (pixels(params, 'textwidth') !== null) throw unsupported('`textwidth`: lines are not wrapped to a width.');
  const { font, points } = fontOf(params, settings, assets);
  const dpi = number(params, 'dpi', 0, 1200) || standard.dpi;
  const size = Math.round((points * dpi) / pointsPerInch);
  if (size < 1 || size > sizeMax) throw badValue('font', `a size that comes to 1 to ${sizeMax} pixels`, String(size));
  const margin = pixels(params, 'margin') ?? 0;
  const isOne = flag(params, 'noreplicate') === true;
  const axis: TileAxis = { by: 'start', gap: margin };
  return {
    op: 'text',
    text,
    font,
    size,
    colour: colourAt(params, 'color') ?? standard.colour,
    gravity: 'nw',
    dx: isOne ? margin : 0,
    dy: isOne ? margin : 0,
    opacity: Math.round(100 * (number(params, 'opacity', 0, 1) ?? standard.opacity)),
    ...(isOne ? {} : { tile: { x: axis, y: axis } }),
  };
}

function fontOf(
  params: Params,
  settings: ImaginarySettings,
  assets: Config['assets'],
): Readonly<{ font: string; points: number }> {
  const [, name = '', points] = /^(.*?)\s*([0-9]{1,3})?$/.exec(params.get('font')?.trim() ?? '') ?? [];
  const called = name === '' ? (settings.font ?? '') : name;
  const font = Object.hasOwn(settings.fonts, called) ? (settings.fonts[called] ?? called) : called;
  if (font === '') throw unsupported('No font is configured.');
  if (!Object.hasOwn(assets, font) || !assets[font]?.font)
    throw new PileusError('bad_value', { detail: `There is no font ${quoted(called)}.` });
  return { font, points: points === undefined ? standard.points : Number(points) };
}

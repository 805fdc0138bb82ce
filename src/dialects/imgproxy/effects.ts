import { directionOf } from '../../plan/direction.ts';
import { directionWords, type Ramp } from '../../plan/plan.ts';
import { sigmaMax } from '../../plan/resolve/blur.ts';
import { unsharpMax, unsharpMin } from '../../plan/resolve/unsharp.ts';
import { atMost, readColour, readFlag, readInteger, readNumber } from './arguments.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ProcessingOptions } from './processing-options.ts';

type Read = (options: ProcessingOptions, given: readonly string[], name: string) => void;

const isShare = (value: number): boolean => value >= 0 && value <= 1;
const isFactor = (value: number): boolean => value > 0 && value <= 10;
const isSigma = (value: number): boolean => value >= 0 && value <= sigmaMax;

const percent = (name: string, text: string): number => Math.round(100 * readNumber(name, text, isShare));

/** `brightness`, -255 to 255. */
export const brightness: Read = (options, given, name) => {
  atMost(name, given, 1);
  options.brightness = readInteger(name, given[0] ?? '', -255, 255);
};

/** `contrast` and `saturation`, factors up to 10. */
export const factor =
  (of: 'contrast' | 'saturation'): Read =>
  (options, given, name) => {
    atMost(name, given, 1);
    options[of] = readNumber(name, given[0] ?? '', isFactor);
  };

const unsharpModes = ['auto', 'none', 'always'] as const;
const isUnsharp = (value: number): boolean => value >= unsharpMin && value <= unsharpMax;

/** `unsharp_masking:%mode:%weight:%divider`; what is left out is the mount's. */
export const unsharpMasking: Read = (options, given, name) => {
  atMost(name, given, 3);
  const [word = '', weight = '', divider = ''] = given;
  const mode = word === '' ? options.unsharp.mode : unsharpModes.find((each) => each === word);
  if (mode === undefined) throw invalidUrl(`${name}: no mode "${word}"`);
  options.unsharp = {
    mode,
    weight: weight === '' ? options.unsharp.weight : readNumber(name, weight, isUnsharp),
    divider: divider === '' ? options.unsharp.divider : readNumber(name, divider, isUnsharp),
  };
};

/** `adjust:%brightness:%contrast:%saturation`; what is left out stays. */
export const adjust: Read = (options, given, name) => {
  atMost(name, given, 3);
  const [bright = '', contrast = '', saturation = ''] = given;
  if (bright !== '') brightness(options, [bright], name);
  if (contrast !== '') factor('contrast')(options, [contrast], name);
  if (saturation !== '') factor('saturation')(options, [saturation], name);
};

/** `duotone:%intensity:%dark:%light`. */
export const duotone: Read = (options, given, name) => {
  atMost(name, given, 3);
  const [intensity = '', dark = '', light = ''] = given;
  const mix = percent(name, intensity);
  options.duotone =
    mix === 0
      ? null
      : { op: 'duotone', dark: colourOf(name, dark, '000000'), light: colourOf(name, light, 'ffffff'), mix };
};

/** `monochrome:%intensity:%colour`. */
export const monochrome: Read = (options, given, name) => {
  atMost(name, given, 2);
  const [intensity = '', colour = ''] = given;
  const mix = percent(name, intensity);
  options.monochrome = mix === 0 ? null : { op: 'monochrome', colour: colourOf(name, colour, 'b3b3b3'), mix };
};

/** `colorize:%opacity:%colour:%keep_alpha`. */
export const colorize: Read = (options, given, name) => {
  atMost(name, given, 3);
  const [share = '', colour = '', keepAlpha = ''] = given;
  const opacity = percent(name, share);
  options.colorize =
    opacity === 0
      ? null
      : { op: 'colorize', colour: colourOf(name, colour, '000000'), opacity, keepAlpha: readFlag(keepAlpha) };
};

/** `%direction:%start:%stop`; a direction is a word, or degrees clockwise from downwards. */
function readRamp(name: string, [direction = '', start = '', stop = '']: readonly string[]): Ramp {
  const word = directionWords.find((each) => each === (direction || 'down'));
  const to = word ?? directionOf(readNumber(name, direction, Number.isFinite));
  const from = start === '' ? 0 : readNumber(name, start, isShare);
  const until = stop === '' ? 1 : readNumber(name, stop, isShare);
  if (until < from) throw invalidUrl(`${name}: it stops before it starts`);
  return { to, start: from, stop: until };
}

/** `gradient:%opacity:%colour:%direction:%start:%stop`. */
export const gradient: Read = (options, given, name) => {
  atMost(name, given, 5);
  const [share = '', colour = '', ...rest] = given;
  const opacity = percent(name, share);
  const ramp = readRamp(name, rest);
  options.gradient =
    opacity === 0 ? null : { op: 'gradient', colour: colourOf(name, colour, '000000'), opacity, ...ramp };
};

/** `progressive_blur:%sigma:%direction:%start:%stop`. */
export const progressiveBlur: Read = (options, given, name) => {
  atMost(name, given, 4);
  const [strength = '', ...rest] = given;
  const sigma = readNumber(name, strength, isSigma);
  const ramp = readRamp(name, rest);
  options.progressiveBlur = sigma === 0 ? null : { op: 'progressiveBlur', sigma, ...ramp };
};

/** `blur_areas:%sigma:%left:%top:%width:%height:...`, in shares of the sides. */
export const blurAreas: Read = (options, given, name) => {
  const [sigma = '', ...sides] = given;
  if (sides.length === 0 || sides.length % 4 !== 0) throw invalidUrl(`${name}: areas have four sides each`);
  const shares = sides.map((side) => Math.round(10_000 * readNumber(name, side, isShare)));
  const areas = Array.from({ length: shares.length / 4 }, (_, at) => {
    const [x = 0, y = 0, w = 0, h = 0] = shares.slice(4 * at, 4 * at + 4);
    return { x, y, w, h };
  });
  const strength = readNumber(name, sigma, isSigma);
  options.blurAreas = strength === 0 ? null : { op: 'redact', areas, how: { by: 'blur', sigma: strength } };
};

const colourOf = (name: string, text: string, fallback: string): string =>
  readColour(name, [text === '' ? fallback : text]);

import { directionOf } from '../../plan/direction.ts';
import { directionWords, type Ramp, type RedactBy } from '../../plan/plan.ts';
import { sigmaMax } from '../../plan/resolve/blur.ts';
import { medianMax } from '../../plan/resolve/effect.ts';
import { blocksMax, redactAreasMax } from '../../plan/resolve/redact.ts';
import { unsharpMax, unsharpMin } from '../../plan/resolve/unsharp.ts';
import type { StepOf } from './step-token.ts';
import { integer, type Token } from './token.ts';
import { badValue, readColour, readExact, writeColour, writeExact } from './values.ts';

/**
 * Values of effects that have several parts, with `:` between them, since a part may have decimals: `ff0000:50`. A layout says its
 * filters with the same ones.
 */

/** The parts of a value. Throws bad_value where there are fewer than `min` or more than `max`. */
function partsOf(raw: string, name: string, form: string, min: number, max = min): readonly string[] {
  const parts = raw.split(':', max + 1);
  if (parts.length < min || parts.length > max) throw badValue(name, form, raw);
  return parts;
}

const percent = (text: string, name: string): number => readExact(text, name, 0, 100);
const share = (text: string, name: string): number => readExact(text, name, 0, 1);

/** `dark:light:mix` */
export const duotone: Token<StepOf<'duotone'>> = {
  read: (raw, name) => {
    const [dark = '', light = '', mix = ''] = partsOf(raw, name, 'dark:light:mix', 3);
    return { op: 'duotone', dark: readColour(dark, name), light: readColour(light, name), mix: percent(mix, name) };
  },
  write: ({ dark, light, mix }) => `${writeColour(dark)}:${writeColour(light)}:${writeExact(mix)}`,
};

/** `colour:opacity`, and `:k` where what is transparent stays so. */
export const colorize: Token<StepOf<'colorize'>> = {
  read: (raw, name) => {
    const form = 'colour:opacity or colour:opacity:k';
    const [colour = '', opacity = '', keep] = partsOf(raw, name, form, 2, 3);
    if (keep !== undefined && keep !== 'k') throw badValue(name, form, raw);
    return {
      op: 'colorize',
      colour: readColour(colour, name),
      opacity: percent(opacity, name),
      keepAlpha: keep === 'k',
    };
  },
  write: ({ colour, opacity, keepAlpha }) => `${writeColour(colour)}:${writeExact(opacity)}${keepAlpha ? ':k' : ''}`,
};

/** `colour:mix` */
export const monochrome: Token<StepOf<'monochrome'>> = {
  read: (raw, name) => {
    const [colour = '', mix = ''] = partsOf(raw, name, 'colour:mix', 2);
    return { op: 'monochrome', colour: readColour(colour, name), mix: percent(mix, name) };
  },
  write: ({ colour, mix }) => `${writeColour(colour)}:${writeExact(mix)}`,
};

/** `direction:start:stop`; a direction is a word or an angle. */
function readRamp([to = '', start = '', stop = '']: readonly string[], name: string): Ramp {
  const [from, until] = [share(start, name), share(stop, name)];
  if (until < from) throw badValue(name, 'a start that is not behind the stop', `${start}:${stop}`);
  const word = directionWords.find((each) => each === to);
  return { to: word ?? directionOf(readExact(to, name, 0, 360)), start: from, stop: until };
}

const writeRamp = ({ to, start, stop }: Ramp): string =>
  [typeof to === 'number' ? writeExact(to) : to, writeExact(start), writeExact(stop)].join(':');

/** `sigma:direction:start:stop` */
export const progressiveBlur: Token<StepOf<'progressiveBlur'>> = {
  read: (raw, name) => {
    const [sigma = '', ...ramp] = partsOf(raw, name, 'sigma:direction:start:stop', 4);
    return { op: 'progressiveBlur', sigma: readExact(sigma, name, 0, sigmaMax), ...readRamp(ramp, name) };
  },
  write: (step) => `${writeExact(step.sigma)}:${writeRamp(step)}`,
};

/** `colour:opacity:direction:start:stop` */
export const gradient: Token<StepOf<'gradient'>> = {
  read: (raw, name) => {
    const [colour = '', opacity = '', ...ramp] = partsOf(raw, name, 'colour:opacity:direction:start:stop', 5);
    return {
      op: 'gradient',
      colour: readColour(colour, name),
      opacity: percent(opacity, name),
      ...readRamp(ramp, name),
    };
  },
  write: (step) => [writeColour(step.colour), writeExact(step.opacity), writeRamp(step)].join(':'),
};

/** `weight:divider`, and `:s` where only what was made smaller is sharpened. */
export const unsharp: Token<StepOf<'unsharp'>> = {
  read: (raw, name) => {
    const form = 'weight:divider or weight:divider:s';
    const [weight = '', divider = '', condition] = partsOf(raw, name, form, 2, 3);
    if (condition !== undefined && condition !== 's') throw badValue(name, form, raw);
    const part = (text: string): number => readExact(text, name, unsharpMin, unsharpMax);
    return {
      op: 'unsharp',
      weight: part(weight),
      divider: part(divider),
      ...(condition === undefined ? {} : { ifSmaller: true as const }),
    };
  },
  write: ({ weight, divider, ifSmaller }) => `${writeExact(weight)}:${writeExact(divider)}${ifSmaller ? ':s' : ''}`,
};

/** -255 to 255. */
export const lift = integer(-255, 255);

const anySize = integer(1, medianMax);

/** The side of a median, odd. */
export const medianSize: Token<number> = {
  read: (raw, name, limits) => {
    const size = anySize.read(raw, name, limits);
    if (size % 2 === 1) return size;
    throw badValue(name, `an odd integer in 1-${medianMax}`, raw);
  },
  write: anySize.write,
};

const wholeShare = 10_000;

/** `b2` blurs, `p8` makes blocks, `f000000` fills. */
const way: Token<RedactBy> = {
  read: (raw, name) => {
    const rest = raw.slice(1);
    switch (raw.charAt(0)) {
      case 'b':
        return { by: 'blur', sigma: readExact(rest, name, 1e-10, sigmaMax) };
      case 'p':
        return { by: 'pixelate', size: readExact(rest, name, 1, blocksMax) };
      case 'f':
        return { by: 'fill', colour: readColour(rest, name) };
      default:
        throw badValue(name, 'b and a sigma, p and a size, or f and a colour', raw);
    }
  },
  write: (how) => {
    switch (how.by) {
      case 'blur':
        return `b${writeExact(how.sigma)}`;
      case 'pixelate':
        return `p${writeExact(how.size)}`;
      case 'fill':
        return `f${writeColour(how.colour)}`;
    }
  },
};

/** `how:x:y:w:h:x:y:w:h`, each area in 1/10,000 of the sides; `s:` in front where they are those of the source as it is stored. */
export const redact: Token<StepOf<'redact'>> = {
  read: (raw, name, limits) => {
    const isOfSource = raw.startsWith('s:');
    const text = isOfSource ? raw.slice(2) : raw;
    const [how = '', ...sides] = partsOf(text, name, `how and 1-${redactAreasMax} areas`, 5, 1 + 4 * redactAreasMax);
    if (sides.length % 4 !== 0) throw badValue(name, 'how:x:y:w:h, four numbers for each area', raw);
    const shares = sides.map((side) => readExact(side, name, 0, wholeShare));
    const areas = Array.from({ length: shares.length / 4 }, (_, at) => {
      const [x = 0, y = 0, w = 0, h = 0] = shares.slice(4 * at, 4 * at + 4);
      return { x, y, w, h };
    });
    return { op: 'redact', areas, how: way.read(how, name, limits), ...(isOfSource ? { of: 'source' } : {}) };
  },
  write: ({ areas, how, of }) =>
    [
      ...(of === 'source' ? ['s'] : []),
      way.write(how),
      ...areas.flatMap(({ x, y, w, h }) => [x, y, w, h].map(writeExact)),
    ].join(':'),
};

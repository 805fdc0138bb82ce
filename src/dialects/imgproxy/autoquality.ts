import type { EncodeWish } from '../../plan/plan.ts';
import { atMost, readInteger, readNumber } from './arguments.ts';
import { type Autoquality, type AutoqualitySettings, autoqualityMethods } from './encoder-settings.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ProcessingOptions } from './processing-options.ts';

/** `autoquality:%method:%target:%min_quality:%max_quality:%allowed_error`; what is left out stays. */
export function autoquality(options: ProcessingOptions, given: readonly string[], name: string): void {
  atMost(name, given, 5);
  const [method = '', target = '', min = '', max = '', error = ''] = given;
  options.autoquality = {
    ...options.autoquality,
    ...(method === '' ? {} : { method: readMethod(name, method) }),
    ...(target === '' ? {} : { target: readNumber(name, target, (value) => value > 0 && value <= targetMax) }),
    ...(min === '' ? {} : { min: readInteger(name, min, 1, 100) }),
    ...(max === '' ? {} : { max: readInteger(name, max, 1, 100) }),
    ...(error === '' ? {} : { error: readNumber(name, error, (value) => value >= 0 && value <= 1) }),
  };
}

/** In bytes, as in numbers of whole 32 bits. */
const targetMax = 2_147_483_647;

function readMethod(name: string, text: string): NonNullable<Autoquality['method']> {
  const method = autoqualityMethods.find((known) => known === text);
  if (method === undefined) throw invalidUrl(`${name}: no method "${text}"`);
  return method;
}

/** The search that a URL and the mount ask for. `ml` is `dssim`, as for a format without a net. Throws bad_url for bounds that cross. */
export function searchOf(
  { autoquality: own }: ProcessingOptions,
  settings: AutoqualitySettings,
): Pick<EncodeWish, 'search'> {
  const method = own.method ?? settings.autoqualityMethod;
  if (method === 'none') return {};
  const target = own.target ?? settings.autoqualityTarget;
  const minOf = (format: string) => own.min ?? settings.autoqualityFormatMin[format] ?? settings.autoqualityMin;
  const maxOf = (format: string) => own.max ?? settings.autoqualityFormatMax[format] ?? settings.autoqualityMax;
  const bounds = (of: (format: string) => number) => ({ jpg: of('jpg'), webp: of('webp'), avif: of('avif') });
  const [min, max] = [bounds(minOf), bounds(maxOf)];
  if (min.jpg > max.jpg || min.webp > max.webp || min.avif > max.avif)
    throw invalidUrl('autoquality: the least quality is above the best');
  const pixelsMax = Math.round(settings.autoqualityMaxResolution * 1e6);
  return {
    search: {
      by: method === 'size' ? 'bytes' : 'dssim',
      target: method === 'size' ? Math.max(1, Math.round(target)) : target,
      error: own.error ?? settings.autoqualityAllowedError,
      min,
      max,
      ...(pixelsMax === 0 ? {} : { pixelsMax }),
    },
  };
}

import type { EncodeWish } from '../../plan/plan.ts';
import { atMost, readFlag, readInteger } from './arguments.ts';
import { avifSubsamples, type EncoderSettings, webpCompressions, webpPresetNames } from './encoder-settings.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ProcessingOptions } from './processing-options.ts';

/** What URLs and the mount say of the encoders of single formats. */

type Read = (options: ProcessingOptions, given: readonly string[], name: string) => void;

type ReadValue = (name: string, text: string) => unknown;

const truth: ReadValue = (_, text) => readFlag(text);

const between =
  (min: number, max: number): ReadValue =>
  (name, text) =>
    readInteger(name, text, min, max);

const among =
  (words: readonly string[]): ReadValue =>
  (name, text) => {
    if (!words.includes(text)) throw invalidUrl(`${name}: expected one of ${words.join(', ')}, got "${text}"`);
    return text;
  };

/** Arguments in this order; what is left out stays. */
const members =
  (...list: readonly (readonly [member: keyof EncoderSettings, read: ReadValue])[]): Read =>
  (options, given, name) => {
    atMost(name, given, list.length);
    const read = list.flatMap(([member, readValue], at) => {
      const text = given[at] ?? '';
      return text === '' ? [] : [[member, readValue(name, text)] as const];
    });
    options.encoders = { ...options.encoders, ...Object.fromEntries(read) };
  };

/** `jpeg_options:%progressive:%no_subsample:%trellis_quant:%overshoot_deringing:%optimize_scans:%quant_table`. */
export const jpegOptions = members(
  ['jpegProgressive', truth],
  ['jpegNoSubsample', truth],
  ['jpegTrellisQuant', truth],
  ['jpegOvershootDeringing', truth],
  ['jpegOptimizeScans', truth],
  ['jpegQuantTable', between(0, 8)],
);

/** `png_options:%interlaced:%quantize:%quantization_colors`. */
export const pngOptions = members(
  ['pngInterlaced', truth],
  ['pngQuantize', truth],
  ['pngQuantizationColors', between(2, 256)],
);

/** `webp_options:%compression:%smart_subsample:%preset`. */
export const webpOptions = members(
  ['webpCompression', among(webpCompressions)],
  ['webpSmartSubsample', truth],
  ['webpPreset', among(webpPresetNames)],
);

/** `avif_options:%subsample`. */
export const avifOptions = members(['avifSubsample', among(avifSubsamples)]);

/** The encoders of a result. `avifQuality`: that of an AVIF, which decides about its chroma where nothing else does. */
export function tuningOf(
  { encoders }: ProcessingOptions,
  settings: EncoderSettings,
  avifQuality: number,
): Pick<EncodeWish, 'jpeg' | 'png' | 'webp' | 'avif'> {
  const wish = { ...settings, ...encoders };
  const { jpegProgressive, jpegQuantTable: table, pngInterlaced, webpCompression, webpPreset } = wish;
  const isFull = wish.avifSubsample === 'off' || (wish.avifSubsample === 'auto' && avifQuality >= fullChromaQuality);
  return {
    ...some('jpeg', {
      ...(jpegProgressive === null ? {} : { progressive: jpegProgressive }),
      ...so('fullChroma', wish.jpegNoSubsample),
      ...so('trellis', wish.jpegTrellisQuant),
      ...so('deringing', wish.jpegOvershootDeringing),
      ...so('scans', wish.jpegOptimizeScans),
      ...(table === 0 ? {} : { table }),
    }),
    ...some('png', {
      ...(pngInterlaced === null ? {} : { interlaced: pngInterlaced }),
      ...(wish.pngQuantize ? { colours: wish.pngQuantizationColors } : {}),
    }),
    ...some('webp', {
      ...(webpCompression === 'lossy'
        ? {}
        : { compression: webpCompression === 'lossless' ? ('lossless' as const) : ('near' as const) }),
      ...so('smartChroma', wish.webpSmartSubsample),
      ...(webpPreset === 'default' ? {} : { preset: webpPreset }),
    }),
    ...some('avif', so('fullChroma', isFull)),
  };
}

const fullChromaQuality = 90;

const so = <Name extends string>(name: Name, is: boolean): { readonly [Key in Name]?: true } =>
  (is ? { [name]: true } : {}) as { readonly [Key in Name]?: true };

/** The member, unless it would say nothing. */
const some = <Name extends string, Value extends object>(
  name: Name,
  value: Value,
): { readonly [Key in Name]?: Value } =>
  (Object.keys(value).length === 0 ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };

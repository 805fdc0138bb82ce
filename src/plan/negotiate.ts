import type { Negotiated } from './plan.ts';

/**
 * What an `Accept` header allows, in three buckets, so that a cache in front holds at most three variants of a URL.
 *
 * Only formats that are named count: old clients send `image/*` and can read neither WebP nor AVIF. AVIF needs
 * WebP beside it, since a picture that AVIF cannot hold (an animation) falls back to WebP. A type with `q=0`, or
 * with a `q` that is no weight, is refused wherever else it is named: plain is never wrong. With `avifAlone` AVIF needs nothing beside it,
 * as imgproxy has it. Linear in the header.
 */
export function negotiate(accept: string, { avifAlone = false }: Readonly<{ avifAlone?: boolean }> = {}): Negotiated {
  const lower = accept.toLowerCase();
  if (!lower.includes('image/webp') && !(avifAlone && lower.includes('image/avif'))) return 'plain';
  const webp = new Wish();
  const avif = new Wish();
  for (const range of lower.split(',')) {
    const parametersAt = range.indexOf(';');
    const type = (parametersAt < 0 ? range : range.slice(0, parametersAt)).trim();
    const wish = type === 'image/webp' ? webp : type === 'image/avif' ? avif : null;
    if (wish === null) continue;
    if (parametersAt < 0 || hasWeight(range.slice(parametersAt + 1))) wish.named = true;
    else wish.refused = true;
  }
  if (!webp.granted) return avifAlone && avif.granted ? 'avif' : 'plain';
  return avif.granted ? 'avif' : 'webp';
}

class Wish {
  named = false;
  refused = false;

  get granted(): boolean {
    return this.named && !this.refused;
  }
}

const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

function hasWeight(parameters: string): boolean {
  for (const parameter of parameters.split(';')) {
    const text = parameter.trim();
    if (text.startsWith('q=')) return weight.test(text.slice(2)) && Number(text.slice(2)) > 0;
  }
  return true;
}

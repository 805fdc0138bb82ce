import type { FormatWish, Quality } from '../../plan/plan.ts';
import { badValue, readInteger } from '../native/values.ts';
import { unsupported } from './refusals.ts';
import type { Vendor } from './vendor.ts';

/** The output format of this name. Throws operation_unsupported for one that cannot be written, bad_value. */
export function readFormat(raw: string, vendor: Vendor): FormatWish {
  const format = vendor.formats.get(raw);
  if (format !== undefined) return format;
  if (vendor.refusedFormats.has(raw)) throw unsupported(`The format ${raw} cannot be written here.`);
  throw badValue('format', `one of ${[...vendor.formats.keys()].join(', ')}`, raw);
}

/** `80` as the vendor means it, `80!` without regard to the source. Throws bad_value. */
export function readQuality(raw: string, name: string, vendor: Vendor): Quality {
  const forced = raw.endsWith('!');
  const value = readInteger(forced ? raw.slice(0, -1) : raw, name, 1, 100);
  return forced ? { kind: 'absolute', value } : vendor.quality.named(value);
}

/** `0` or `1`. Throws bad_value. */
export function readFlag(raw: string, name: string): boolean {
  if (raw !== '0' && raw !== '1') throw badValue(name, '0 or 1', raw);
  return raw === '1';
}

const kibibytesMax = 32 * 1024;

/**
 * The most bytes of `15k` or `1m`. Throws operation_unsupported for what depends on the original: `$(fsize)`, and `!`, which gives the
 * original where that is smaller; bad_value.
 */
export function readSizeLimit(raw: string): number {
  if (raw.startsWith('$(fsize)')) throw unsupported('`size-limit/$(fsize)`: a limit has to be a number here.');
  if (raw.endsWith('!')) throw unsupported('`size-limit` with `!`: the original is not given in place of a result.');
  const [, digits = '', unit = ''] = /^([0-9]{1,9})([kKmM])$/.exec(raw) ?? [];
  if (digits === '') throw badValue('size-limit', 'a number with k or m', raw);
  const kibibytes = Number(digits) * (unit.toLowerCase() === 'm' ? 1024 : 1);
  if (kibibytes < 1 || kibibytes > kibibytesMax) throw badValue('size-limit', `1k-${kibibytesMax}k`, raw);
  return kibibytes * 1024;
}

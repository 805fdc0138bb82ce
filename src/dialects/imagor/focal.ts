import { readNumber } from '../read-number.ts';
import type { Arguments } from '../thumbor/arguments.ts';
import { type Draft, unsupported } from '../thumbor/draft.ts';

/**
 * `focal(AxB:CxD)`, a rectangle, or `focal(AxB)`, a point, in shares of the source. Rectangles weigh as much as they cover. Throws
 * bad_value, or operation_unsupported for pixels, which are shares of a size that is not known here, and for points beside rectangles.
 */
export function addFocal(args: Arguments, { focal }: Draft): void {
  const raw = args.text();
  const parts = raw.split(/[x:]/);
  const isRectangle = /^[0-9.]+x[0-9.]+:[0-9.]+x[0-9.]+$/.test(raw);
  if (!isRectangle && !/^[0-9.]+x[0-9.]+$/.test(raw)) throw args.bad('AxB:CxD or AxB', raw);
  const [left = 0, top = 0, right = left, bottom = top] = parts.map((part) => readNumber(part, 'focal', 0, 100_000));
  if (left >= 1 || top >= 1 || right > 1 || bottom > 1) throw unsupported('focal(): points are in shares, 0 to 1.');
  const area = (right - left) * (bottom - top);
  if (isRectangle && (right <= left || bottom <= top)) throw args.bad('a rectangle that holds something', raw);
  const weight = isRectangle ? area : pointWeight;
  if (focal.some((point) => (point.weight === pointWeight) !== !isRectangle)) {
    throw unsupported('focal(): points and rectangles do not go together.');
  }
  focal.push({ x: (left + right) / 2, y: (top + bottom) / 2, weight });
}

/** More than any rectangle of shares can cover. */
const pointWeight = 2;

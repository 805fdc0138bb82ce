import type { Pixels } from '../pixels.ts';
import type { Effect } from './effect.ts';

/**
 * 255 x (value / 255) ^ (1 / gamma) for every colour channel; alpha stays. By a table: the engine's own gamma works around a
 * scale and undoes itself behind it.
 */
export const gamma: Effect<'gamma'> = (pixels, op) => {
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.round(255 * (value / 255) ** (1 / op.gamma)));
  return Promise.resolve(mapColours(pixels, table));
};

function mapColours(pixels: Pixels, table: Uint8Array): Pixels {
  const { channels } = pixels;
  const bytes = Buffer.from(pixels.bytes);
  const hasAlpha = channels === 2 || channels === 4;
  for (let at = 0; at < bytes.length; at++) {
    if (hasAlpha && at % channels === channels - 1) continue;
    bytes[at] = table[bytes[at] ?? 0] ?? 0;
  }
  return { ...pixels, bytes };
}

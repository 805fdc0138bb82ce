import { compassGravity, type Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { readInteger } from '../native/values.ts';
import type { ResizeKind, Suffix } from './path.ts';
import type { Channel } from './settings.ts';

type Resize = Extract<Step, { op: 'resize' }>;

/** Beyond it stand only the marks of the channel tg, which mean that a side is free. */
const sideMax = 16_384;
/** What the channel tg wrote for a free side. */
const freeSide = 10_000;

/** A resize as it is carried out; 0 is a free side. */
export type Resizing = Readonly<{ kind: ResizeKind; w: number; h: number }>;

/**
 * The resize that a suffix asks for, as its channel reads it. Throws not_allowed for kinds and sizes that are not listed,
 * bad_value and bad_combination.
 */
export function readResizing({ kind, w: rawW, h: rawH }: Suffix, channel: Channel): Resizing {
  if (!channel.resizeTypes.includes(kind)) {
    throw new PileusError('not_allowed', { detail: `This channel has no \`_${kind.toUpperCase()}_\`.` });
  }
  const w = readInteger(rawW, `_${kind.toUpperCase()}_`, 0, sideMax);
  const h = readInteger(rawH, `_${kind.toUpperCase()}_`, 0, sideMax);
  // As it is written: 0300x200 is another size.
  if (channel.sizes !== 'any' && !channel.sizes.includes(`${rawW}x${rawH}`)) {
    throw new PileusError('not_allowed', { detail: `This channel has no size ${w}x${h}.` });
  }
  const resizing = asRead({ kind, w, h }, channel.resizing);
  const isFitting = resizing.kind === 'w' || resizing.kind === 'z';
  if (isFitting ? w + h === 0 : resizing.w === 0 || resizing.h === 0) {
    throw new PileusError('bad_value', {
      detail: `\`_${kind.toUpperCase()}_\` needs ${isFitting ? 'a side' : 'both sides'}.`,
    });
  }
  return resizing;
}

function asRead(resizing: Resizing, reading: Channel['resizing']): Resizing {
  switch (reading) {
    case 'plain':
      return resizing;
    case 'hotel':
      return resizing.kind === 'c' ? { ...resizing, kind: 'r' } : resizing;
    case 'tg':
      return asReadByTg(resizing);
  }
}

/** One side of 10000 fits the other, `_W_<w>_0` is as wide in any case, and all else is cut. */
function asReadByTg({ kind, w, h }: Resizing): Resizing {
  if ((kind === 'w') !== (h === 0)) {
    throw new PileusError('bad_combination', {
      detail: 'In this channel `_W_` has the height 0, and nothing else has.',
    });
  }
  if (w === freeSide ? h < freeSide : w < freeSide && h === freeSide) return { kind: 'w', w, h };
  return kind === 'w' ? { kind: 'z', w, h: 0 } : { kind: 'r', w, h };
}

const kinds: Readonly<Record<ResizeKind, Pick<Resize, 'mode' | 'enlarge'>>> = {
  r: { mode: 'cover', enlarge: 'no' },
  c: { mode: 'cover', enlarge: 'yes' },
  w: { mode: 'fit', enlarge: 'no' },
  z: { mode: 'fit', enlarge: 'yes' },
};

/** The step of a resize; sides round down. */
export const resizeStep = ({ kind, w, h }: Resizing): Step => ({
  op: 'resize',
  ...kinds[kind],
  size: { by: 'box', w: w === 0 ? null : w, h: h === 0 ? null : h },
  dpr: 1,
  gravity: compassGravity('c'),
  rounding: 'floor',
});

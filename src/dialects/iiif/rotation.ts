import type { Step } from '../../plan/plan.ts';
import { readDecimal } from './number.ts';

/** Mirrored on the vertical axis, then turned clockwise. */
export type Rotation = Readonly<{ mirrored: boolean; degrees: number }>;

/** The rotation parameter (section 4.3); 360 is 0. Throws bad_value. */
export function readRotation(raw: string): Rotation {
  const mirrored = raw.startsWith('!');
  const degrees = readDecimal(mirrored ? raw.slice(1) : raw, 'rotation', { min: 0, max: 360 });
  return { mirrored, degrees: degrees === 360 ? 0 : degrees };
}

export const rotationSteps = ({ mirrored, degrees }: Rotation): readonly Step[] => [
  ...(mirrored ? [{ op: 'flip', horizontal: true, vertical: false } as const] : []),
  ...(degrees === 0 ? [] : [{ op: 'rotate', degrees } as const]),
];

/** Does it leave corners that belong to no picture? */
export const leavesCorners = ({ degrees }: Rotation): boolean => degrees % 90 !== 0;

/** As the canonical URI spells it: an integer where possible, no zeros at the end (section 4.7). */
export const canonicalRotation = ({ mirrored, degrees }: Rotation): string =>
  `${mirrored ? '!' : ''}${degrees.toFixed(10).replace(/\.?0+$/, '')}`;

import type { Enlarge, ResizeMode, Step } from '../plan/plan.ts';
import { compassGravity } from '../plan/plan.ts';

type Resize = Extract<Step, { op: 'resize' }>;

/** A resize around the centre, in pixels as they are, rounded to the nearest. */
export const resizeStep = (mode: ResizeMode, size: Resize['size'], enlarge: Enlarge): Resize => ({
  op: 'resize',
  mode,
  size,
  dpr: 1,
  enlarge,
  gravity: compassGravity('c'),
  rounding: 'nearest',
});

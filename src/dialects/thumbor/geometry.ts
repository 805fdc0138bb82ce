import { type Compass, compassGravity, type Gravity, type Rounding, type Step } from '../../plan/plan.ts';
import { type Draft, unsupported } from './draft.ts';
import type { Crop, Params, Side } from './params.ts';

type Resize = Extract<Step, { op: 'resize' }>;

/**
 * The steps before the filters, in the family's fixed order: trim, crop by hand, resize (which crops by alignment), flip. `rounding` is that
 * of a side left free. Throws operation_unsupported for what a plan cannot say.
 */
export function geometrySteps(draft: Draft, rounding: Rounding): Step[] {
  const { params } = draft;
  const steps: Step[] = [];
  if (draft.orientDegrees) steps.push({ op: 'rotate', degrees: draft.orientDegrees });
  if (params.trim !== null) steps.push(trimStep(params.trim));
  if (params.crop !== null) steps.push(...cropSteps(params.crop));
  if (params.size !== null) steps.push(...sizeSteps(draft, params.size, rounding));
  if (params.size?.flipX || params.size?.flipY) {
    steps.push({ op: 'flip', horizontal: params.size.flipX, vertical: params.size.flipY });
  }
  return steps;
}

/** What is no further from a corner's colour than this in any channel, or one level where nothing is said, is cut off. */
export const trimStep = ({ by, tolerance }: NonNullable<Params['trim']>): Step => ({
  op: 'trim',
  threshold: Math.max(1, tolerance),
  colour: null,
  equalX: false,
  equalY: false,
  ...(by === 'bottom-right' ? { corner: 'se' } : {}),
});

/** A crop from corner to corner; one that holds nothing is none. */
export function cropSteps({ left, top, right, bottom, unit }: Crop): Step[] {
  if (right <= left || bottom <= top) return [];
  if (unit === 'px') return [{ op: 'region', unit, x: left, y: top, w: right - left, h: bottom - top }];
  const [x, y] = [basisPoints(left), basisPoints(top)];
  const [w, h] = [basisPoints(right) - x, basisPoints(bottom) - y];
  return [{ op: 'region', unit: 'bp', x, y, w: Math.max(1, w), h: Math.max(1, h) }];
}

export const basisPoints = (share: number): number => Math.round(share * 10_000);

function sizeSteps(draft: Draft, { width, height }: NonNullable<Params['size']>, rounding: Rounding): Step[] {
  const { fitIn } = draft.params;
  if (width === 'orig' || height === 'orig') return sourceSizeSteps(draft, width, height, rounding);
  if (width === null && height === null) return [];
  const isFree = width === null || height === null;
  const box: Resize['size'] = { by: 'box', w: width, h: height };
  if (fitIn === null && draft.stretch) return [resize('exact', box, draft.enlarge ?? true, rounding)];
  if (fitIn === null) {
    return [
      { ...resize('cover', box, draft.enlarge ?? true, isFree ? rounding : 'nearest'), gravity: gravityOf(draft) },
    ];
  }
  const size: Resize['size'] =
    fitIn.adaptive && width !== null && height !== null
      ? { by: 'sides', long: Math.max(width, height), short: Math.min(width, height) }
      : box;
  const mode = fitIn.full ? 'min' : draft.padResize ? 'pad' : 'fit';
  return [resize(mode, size, draft.enlarge ?? fitIn.full, 'nearest')];
}

/** At least one side is the source's own. */
function sourceSizeSteps(draft: Draft, width: Side, height: Side, rounding: Rounding): Step[] {
  const { fitIn } = draft.params;
  const other = width === 'orig' ? height : width;
  if (other === 'orig' || other === null) return [];
  const box: Resize['size'] = { by: 'box', w: width === 'orig' ? null : width, h: height === 'orig' ? null : height };
  if (fitIn?.adaptive) throw unsupported('adaptive-fit-in takes no `orig`.');
  // Beside a side of the source the other one is the tighter of the two where it shrinks, and the wider where it enlarges.
  if (fitIn?.full) return draft.enlarge === false ? [] : [{ ...resize('min', box, true, rounding), enlarge: 'only' }];
  if (fitIn) return [resize('fit', box, false, rounding)];
  if (draft.stretch) throw unsupported('`orig` cannot be stretched to.');
  return [{ op: 'crop', w: box.w, h: box.h, gravity: gravityOf(draft), dx: 0, dy: 0 }];
}

const resize = (mode: Resize['mode'], size: Resize['size'], enlarge: boolean, rounding: Rounding): Resize => ({
  op: 'resize',
  mode,
  size,
  dpr: 1,
  enlarge: enlarge ? 'yes' : 'no',
  gravity: compassGravity('c'),
  rounding,
});

function gravityOf({ params, focal }: Draft): Gravity {
  if (focal.length > 0) {
    if (params.crop !== null) throw unsupported('A focal point is one of the source, not of a part that was cut out.');
    const weight = focal.reduce((sum, point) => sum + point.weight, 0);
    const mean = (side: 'x' | 'y'): number =>
      basisPoints(focal.reduce((sum, point) => sum + point[side] * point.weight, 0) / weight);
    return { kind: 'focal', x: mean('x'), y: mean('y') };
  }
  if (params.smart) return { kind: 'smart', by: 'attention' };
  const down = params.valign === 'top' ? 'n' : params.valign === 'bottom' ? 's' : '';
  const across = params.halign === 'left' ? 'w' : params.halign === 'right' ? 'e' : '';
  return compassGravity((down + across || 'c') as Compass);
}

import type { Step } from '../../plan/plan.ts';
import type { Apply } from '../oss/action.ts';
import { decodeBase64 } from '../oss/base64.ts';
import { pictureNamed } from '../oss/context.ts';
import { coordinateMax } from '../oss/crop.ts';
import { places } from '../oss/gravity.ts';
import { choiceOf, integerOf, missing, readParams } from '../oss/params.ts';
import { refusal } from '../oss/refusal.ts';

const names = new Set(['n', 'd', 'l', 'x', 'y', 'mw', 'mh']);

/** `watermark`: a registered picture at a place of the grid, or at `x`, `y` from the left and upper edge. */
export const watermark: Apply = (action, draft, context) => {
  const params = readParams(action, names);
  const raw = params.values.get('n');
  if (raw === undefined) throw missing(action.name, '`n`');
  const name = decodeBase64(raw);
  if (name === null) throw refusal('bad_value', '`n` of `watermark` is not base64 of a name.');
  const coordinate = (of: string): number => integerOf(params, of, 0, coordinateMax) ?? 0;
  if (coordinate('mw') + coordinate('mh') > 0) {
    throw refusal(
      'operation_unsupported',
      '`mw` and `mh` of `watermark`: a least size of the picture is not looked at here.',
    );
  }
  const place = choiceOf(params, 'l', places);
  const x = coordinate('x');
  const y = coordinate('y');
  const isPlaced = x + y > 0;
  if (isPlaced && place !== null) throw refusal('bad_combination', '`l` of `watermark` excludes `x` and `y`.');
  const step: Extract<Step, { op: 'watermark' }> = {
    op: 'watermark',
    asset: pictureNamed(name, context),
    gravity: isPlaced ? 'nw' : (place ?? 'se'),
    dx: x,
    dy: y,
    // 0 means that nothing was said, and so does 100.
    opacity: integerOf(params, 'd', 0, 100) || 100,
    scalePercent: 0,
  };
  draft.add(step);
};

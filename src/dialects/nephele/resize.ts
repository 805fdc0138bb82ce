import type { Step } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import type { Apply } from '../oss/action.ts';
import { choiceOf, flags, integerOf, missing, readParams } from '../oss/params.ts';
import { refusal } from '../oss/refusal.ts';

type Resize = Extract<Step, { op: 'resize' }>;

const names = new Set(['m', 'w', 'h', 'limit', 'p']);
const modes: ReadonlyMap<string, 'fit' | 'exact'> = new Map([
  ['lfit', 'fit'],
  ['fixed', 'exact'],
]);
const sideMax = 16_384;

/** A resize that rounds down, as all of this grammar do. */
export const resizeStep = (changes: Pick<Resize, 'mode' | 'size' | 'enlarge'>): Resize => ({
  op: 'resize',
  dpr: 1,
  gravity: compassGravity('c'),
  rounding: 'floor',
  ...changes,
});

/**
 * `resize`: `limit_1` enlarges, which is the opposite of OSS. Without it a picture grows only where one side alone is
 * given. A side of 0 is free.
 */
export const resize: Apply = (action, draft) => {
  const params = readParams(action, names);
  const mode = choiceOf(params, 'm', modes) ?? 'fit';
  const w = integerOf(params, 'w', 0, sideMax) || null;
  const h = integerOf(params, 'h', 0, sideMax) || null;
  const percent = integerOf(params, 'p', 0, 10_000) || null;
  const enlarge = choiceOf(params, 'limit', flags) === true ? 'yes' : 'no';
  if (percent !== null) {
    if ((w ?? h) !== null || mode === 'exact') {
      throw refusal('bad_combination', '`p` of `resize` excludes `w`, `h` and `m_fixed`.');
    }
    draft.add(resizeStep({ mode, size: { by: 'percent', percent }, enlarge }));
    return;
  }
  if ((w ?? h) === null) throw missing(action.name, '`w`, `h` or `p`');
  const isOneSided = w === null || h === null;
  if (mode === 'exact' && isOneSided) {
    throw refusal('operation_unsupported', '`m_fixed` of `resize` needs both `w` and `h` here.');
  }
  draft.add(resizeStep({ mode, size: { by: 'box', w, h }, enlarge: isOneSided ? 'yes' : enlarge }));
};

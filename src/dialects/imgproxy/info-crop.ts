import type { SourceFacts } from '../../plan/header.ts';
import { orientedSize } from '../../plan/header.ts';
import type { Anchor, Step } from '../../plan/plan.ts';
import { planArgument, resolveForReport } from '../resolve-report.ts';

/** A crop as the processing option has it, both sides above 0. */
export type CropWish = Readonly<{ w: number; h: number; anchor: Anchor }>;

/** Where a crop lies, in shares of the picture as it is seen. */
export type CropShares = Readonly<{ left: number; top: number; width: number; height: number }>;

/** A crop as an argument of a report: a plan of nothing else. */
export function cropArgument(crop: CropWish): string {
  const cut: Step = { ...untouched, crop };
  return planArgument(
    { view: 'image', decode: { orient: true, frames: 'first' }, steps: [], encode: { format: 'source' } },
    [cut],
  );
}

const centre: Anchor = { kind: 'compass', at: 'c', x: 0, y: 0 };

const untouched: Extract<Step, { op: 'layout' }> = {
  op: 'layout',
  crop: null,
  type: 'fit',
  w: 0,
  h: 0,
  minW: 0,
  minH: 0,
  zoomX: 1,
  zoomY: 1,
  dpr: 1,
  enlarge: false,
  anchor: centre,
  filters: [],
  extend: null,
  extendRatio: null,
  padding: { top: 0, right: 0, bottom: 0, left: 0 },
  sideMax: 0,
};

/** Where it lies in this source. */
export function cropShares(argument: string, facts: SourceFacts): CropShares {
  const { width, height } = orientedSize(facts.header, true);
  const cut = resolveForReport(argument, facts).ops.find(({ op }) => op === 'extract');
  if (cut?.op !== 'extract') return { left: 0, top: 0, width: 1, height: 1 };
  return { left: cut.left / width, top: cut.top / height, width: cut.width / width, height: cut.height / height };
}

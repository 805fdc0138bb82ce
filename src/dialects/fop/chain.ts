import type { Plan } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';
import { newDraft } from './draft.ts';
import { imageMogr2 } from './image-mogr.ts';
import { imageView2 } from './image-view.ts';
import { planOf } from './plan-of.ts';
import { badUrl, unsupported } from './refusals.ts';
import { roundPic } from './round-pic.ts';
import { slim } from './slim.ts';
import type { Lenience, Vendor } from './vendor.ts';
import { type Watermarks, watermark } from './watermark.ts';

/** What reading a chain depends on besides its text. */
export type ChainContext = Readonly<{ vendor: Vendor; lenience: Lenience; watermarks: Watermarks }>;

/** Operations that say something of the original and give no picture. */
const reports: ReadonlySet<string> = new Set(['imageInfo', 'exif', 'imageAve']);

/**
 * The plan of a chain of operations, already percent-decoded: `imageMogr2/auto-orient|imageView2/1/w/200`. Each works on what the one
 * before it made. Throws bad_url, bad_operation, bad_value, bad_combination, operation_unsupported.
 */
export function readChain(text: string, context: ChainContext): Plan {
  const { vendor, lenience, watermarks } = context;
  if (reports.has(text)) return reportPlan(vendor.name, text);
  const draft = newDraft();
  for (const operation of text.split('|')) {
    const [name = '', ...words] = operation.split('/');
    const why = vendor.refusedOperations.get(name);
    if (why !== undefined) throw unsupported(why);
    if (name === 'imageView2') imageView2(words, draft, vendor, lenience);
    else if (name === 'imageMogr2') imageMogr2(words, draft, vendor, lenience);
    else if (name === 'watermark') watermark(words, draft, vendor, watermarks);
    else if (name === vendor.slimName) slim(name, words, draft);
    else if (name === 'roundPic' && vendor.hasRoundPic) roundPic(words, draft);
    else throw noOperation(name, operation);
  }
  return planOf(draft, vendor);
}

const reportPlan = (vendor: string, name: string): Plan => ({
  ...(name === 'imageAve' ? { view: 'measured', measures: { average: true } } : { view: 'info' }),
  decode: { orient: true, frames: 'auto' },
  steps: [],
  encode: { format: 'source' },
  report: { as: `${vendor}/${name}`, args: {}, ...(name === 'exif' ? { details: true } : {}) },
});

function noOperation(name: string, operation: string): PileusError {
  if (reports.has(name)) {
    return new PileusError('bad_combination', { detail: `\`${name}\` is about the original and stands alone.` });
  }
  if (operation === '') return badUrl('An operation is missing beside a pipe.');
  return new PileusError('bad_operation', { detail: `There is no operation ${quoted(name)}.` });
}

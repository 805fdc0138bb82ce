import type { OutputFormat } from '../../plan/plan.ts';
import type { Apply } from './action.ts';
import type { DraftDefaults } from './draft.ts';
import { flags, integerOf, missing, onlyValue, readChoice, readParams } from './params.ts';
import { refusal } from './refusal.ts';

/** The most that a JPEG is written with where the URL does not say; a source of less keeps its own. */
const qualityMax = 90;

/** As OSS does where a URL says nothing: the source's own orientation and quality, no interlacing. */
export const encodeDefaults: DraftDefaults['encode'] = (format) => ({
  progressive: false,
  // Of other formats the source's quality says nothing: they have the node's own.
  ...(format === 'source' || format === 'jpg' ? { quality: { kind: 'source-capped', value: qualityMax } } : {}),
});

const qualityNames = new Set(['q', 'Q']);

/** `quality`: `Q` is absolute, `q` relative to the source; neither exceeds the source's own. `Q` wins. */
export const quality: Apply = (action, draft) => {
  const params = readParams(action, qualityNames);
  const relative = integerOf(params, 'q', 1, 100);
  const value = integerOf(params, 'Q', 1, 100) ?? relative;
  if (value === null) throw missing(action.name, '`q` or `Q`');
  draft.wish(action.name, { quality: { kind: 'source-capped', value } });
};

const formats: ReadonlyMap<string, OutputFormat> = new Map([
  ['jpg', 'jpg'],
  ['png', 'png'],
  ['webp', 'webp'],
  ['gif', 'gif'],
  ['tiff', 'tif'],
  ['avif', 'avif'],
  ['bmp', 'bmp'],
]);

/** `format`. Throws operation_unsupported for HEIC, which is not written here. */
export const format: Apply = (action, draft) => {
  const raw = onlyValue(action);
  if (raw === 'heic') throw refusal('operation_unsupported', '`format`: heic is not written here.', 'NotImplemented');
  draft.wish(action.name, { format: readChoice(raw, action.name, formats) });
};

/** `interlace`: 1 is progressive. */
export const interlace: Apply = (action, draft) =>
  draft.wish(action.name, { progressive: readChoice(onlyValue(action), action.name, flags) });

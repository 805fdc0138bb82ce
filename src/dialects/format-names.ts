import type { OutputFormat } from '../plan/plan.ts';

/** The formats that can be written, by the names that most grammars have for them. */
export const formatNames: ReadonlyMap<string, OutputFormat> = new Map([
  ['jpg', 'jpg'],
  ['jpeg', 'jpg'],
  ['png', 'png'],
  ['gif', 'gif'],
  ['webp', 'webp'],
  ['avif', 'avif'],
  ['tiff', 'tif'],
]);

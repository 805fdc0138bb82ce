import { PileusError } from '../../shared/errors.ts';

/** The refusal of a source that has, or announces, more bytes than it may. */
export const tooLarge = (bytes: number, bytesMax: number): PileusError =>
  new PileusError('source_too_large', { detail: `It has ${bytes} bytes; the limit is ${bytesMax}.` });

/** The same where the length is unknown and counting has gone past the limit. */
export const growsTooLarge = (bytesMax: number): PileusError =>
  new PileusError('source_too_large', { detail: `It has more than ${bytesMax} bytes.` });

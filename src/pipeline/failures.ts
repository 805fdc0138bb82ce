import type { SourceFormat } from '../plan/header.ts';
import { isPileusError, PileusError } from '../shared/errors.ts';
import { isCutShort } from './completeness.ts';

/**
 * What a failure of a chain that decodes the source means for the one who asked. libvips' text stays in `cause`.
 *
 * A deadline and a missing loader are known only by sharp's own message (libvips' error buffer is global to the
 * process and mixes the lines of parallel operations; a worker runs one at a time). Cut and broken files are
 * told apart by the file's structure, not by the decoder's words.
 */
export function sourceFailure(error: unknown, source: Uint8Array, format: SourceFormat): PileusError {
  if (isPileusError(error)) return error;
  if (isTimeout(error)) return deadlineFailure(error);
  if (isCutShort(source, format)) return new PileusError('source_truncated', { cause: error });
  const unsupported = messageOf(error).startsWith('Input buffer contains unsupported image format');
  return new PileusError(unsupported ? 'unsupported_format' : 'undecodable', { cause: error });
}

/** The same for a chain over pixels that are decoded already: but for the deadline, a failure is a defect. */
export function pixelFailure(error: unknown): PileusError {
  if (isPileusError(error)) return error;
  return isTimeout(error) ? deadlineFailure(error) : new PileusError('internal', { cause: error });
}

/** What it means that another original cannot be drawn as a mark. */
export function markFailure(error: unknown): PileusError {
  if (isPileusError(error)) return error;
  if (isTimeout(error)) return deadlineFailure(error);
  return new PileusError('mark_unusable', { detail: 'It cannot be decoded.', cause: error });
}

const deadlineFailure = (error: unknown): PileusError => new PileusError('processing_deadline', { cause: error });

/** libvips puts what the reader says of its end before it. */
const isTimeout = (error: unknown): boolean => /^timeout: /m.test(messageOf(error));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

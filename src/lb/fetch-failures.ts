import type { ErrorCode, PileusError } from '../shared/errors.ts';

/** Is this a failure of fetching a source, before anything is done to it? Then it is that of all who want the source. */
export const isOfTheFetch = ({ code }: PileusError): boolean => fetchFailures.has(code);

const fetchFailures: ReadonlySet<ErrorCode> = new Set([
  'source_not_found',
  'source_too_large',
  'not_an_image',
  'unsupported_format',
  'origin_failed',
  'origin_busy',
  'origin_unreachable',
  'origin_truncated',
  'origin_timeout',
]);

import type { AnswerWish, ParsedRequest } from '../dialects/dialect.ts';
import type { ErrorCode } from '../shared/errors.ts';

/** The source cannot be had, or is no picture: what another source would mend. */
const mendable: ReadonlySet<ErrorCode> = new Set([
  'source_not_found',
  'source_too_large',
  'not_an_image',
  'unsupported_format',
  'origin_failed',
  'origin_unreachable',
  'origin_truncated',
  'origin_busy',
  'origin_timeout',
]);

/**
 * The request for the picture that stands in where this one ended in an error; null where there is none, or where the error is not
 * the source's fault. What is wrong with the URL, or with the pixels, stays an error. It is a request for another
 * source: nothing of it is ever kept as a result of the first.
 */
export function fallbackRequest(parsed: ParsedRequest, code: ErrorCode): ParsedRequest | null {
  const { fallback, ...rest } = parsed.answer;
  if (fallback === undefined || !mendable.has(code)) return null;
  const answer: AnswerWish = {
    ...rest,
    headers: { ...rest.headers, ...fallback.headers },
    // It lives as long as the grammar says.
    tells: { ...rest.tells, originCaching: false },
  };
  return { ...parsed, source: fallback.source, canonicalPath: null, answer };
}

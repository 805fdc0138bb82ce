import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

/** Every answer is for pages of any origin: level 2 asks for it. */
export const corsHeader = { 'access-control-allow-origin': '*' } as const;

/**
 * Statuses that differ from our own table: the API knows 400, 401, 403, 404, 500, 501 and 503 (section 7.3). What it has no word for
 * keeps its own (405, 413 and 415 of the source, 414).
 */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  // A region outside the picture, and sizes that are larger than the region or the limits.
  operation_unsupported: 400,
  enlarge_refused: 400,
  result_too_large: 400,
  // What the mount does not offer.
  not_allowed: 501,
  undecodable: 500,
  source_truncated: 500,
  source_mismatch: 500,
  mark_unusable: 500,
  quarantined: 500,
  processing_deadline: 500,
  origin_failed: 500,
  origin_unreachable: 500,
  origin_truncated: 500,
  origin_timeout: 500,
  request_deadline: 503,
  quota_exceeded: 503,
};

/** An error as plain text. */
export function formatIiifError({ code, detail }: PileusError, requestId: string): FormattedError {
  const { status, message } = errorEntry(code);
  const lines = [detail === undefined ? message : `${message} ${detail}`, `code: ${code}`, `request: ${requestId}`];
  return {
    status: statuses[code] ?? status,
    contentType: 'text/plain; charset=utf-8',
    body: `${lines.join('\n')}\n`,
    headers: corsHeader,
  };
}

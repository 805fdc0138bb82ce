import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';
import { faultStatuses } from '../fop/statuses.ts';

/** Where the vendor has another status than our table. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  ...faultStatuses,
  quota_exceeded: 503,
  processing_deadline: 500,
  origin_failed: 500,
  origin_unreachable: 500,
  origin_truncated: 500,
  origin_timeout: 500,
};

/** `{"code","message","request_id"}`, never to be kept; `code` is the status. */
export function formatTencentError(error: PileusError, requestId: string): FormattedError {
  const status = statuses[error.code] ?? errorEntry(error.code).status;
  return {
    status,
    contentType: 'application/json',
    body: JSON.stringify({ code: status, message: error.message, request_id: requestId }),
    headers: { 'cache-control': 'no-store', 'x-ci-request-id': requestId },
  };
}

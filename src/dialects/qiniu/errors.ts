import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';
import { faultStatuses } from '../fop/statuses.ts';

/** Where the vendor has another status than our table. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  signature_missing: 401,
  signature_invalid: 401,
  signature_expired: 401,
  ...faultStatuses,
  quota_exceeded: 573,
  internal: 599,
  worker_crashed: 599,
  processing_deadline: 599,
  origin_failed: 478,
  origin_unreachable: 478,
  origin_truncated: 478,
};

/** `{"code","error"}`, never to be kept. */
export function formatQiniuError(error: PileusError, requestId: string): FormattedError {
  const status = statuses[error.code] ?? errorEntry(error.code).status;
  return {
    status,
    contentType: 'application/json',
    body: JSON.stringify({ code: status, error: error.message }),
    headers: { 'cache-control': 'no-store', 'x-reqid': requestId },
  };
}

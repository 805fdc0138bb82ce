import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

/** Where the vendor has another status than our table. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  source_too_large: 400,
  source_too_many_pixels: 400,
  source_too_many_frames: 400,
  result_too_large: 400,
  not_an_image: 400,
  unsupported_format: 400,
  undecodable: 400,
  source_truncated: 400,
  enlarge_refused: 400,
  operation_unsupported: 400,
  quarantined: 400,
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

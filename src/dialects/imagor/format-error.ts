import type { ErrorCode, PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

/** imagor's statuses; what is not here has our own. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  signature_expired: 410,
  source_too_many_pixels: 422,
  source_too_many_frames: 422,
  result_too_large: 422,
  source_too_large: 400,
  not_an_image: 406,
  unsupported_format: 406,
  undecodable: 406,
  source_truncated: 406,
  source_mismatch: 406,
  mark_unusable: 406,
  operation_unsupported: 400,
  origin_timeout: 408,
  processing_deadline: 408,
  request_deadline: 408,
};

/** imagor's body: a message and the status. */
export function formatImagorError(error: PileusError): FormattedError {
  const status = statuses[error.code] ?? error.status;
  return { status, contentType: 'application/json', body: `${JSON.stringify({ message: error.message, status })}\n` };
}

import type { ErrorCode, PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

/** thumbor's answers say all they have to say with their status. What is not here has our own. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  signature_missing: 400,
  signature_invalid: 400,
  signature_expired: 400,
  not_allowed: 400,
  original_protected: 400,
  source_too_large: 400,
  source_too_many_pixels: 400,
  source_too_many_frames: 400,
  result_too_large: 400,
  undecodable: 400,
  source_truncated: 400,
  source_mismatch: 400,
  mark_unusable: 400,
  operation_unsupported: 400,
  enlarge_refused: 400,
  quarantined: 400,
};

/** An empty body with thumbor's status. */
export const formatThumborError = (error: PileusError): FormattedError => ({
  status: statuses[error.code] ?? error.status,
  contentType: 'text/html; charset=UTF-8',
  body: '',
});

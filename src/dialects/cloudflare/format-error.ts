import type { ErrorCode, PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

/** Number and status of an error, as `Cf-Resized` names it. */
const errors: Readonly<Partial<Record<ErrorCode, readonly [number, number]>>> = {
  source_not_found: [9404, 404],
  preset_not_found: [9404, 404],
  not_found: [9404, 404],
  signature_missing: [9406, 403],
  signature_invalid: [9406, 403],
  signature_expired: [9406, 403],
  not_allowed: [9406, 403],
  original_protected: [9406, 403],
  source_too_large: [9402, 413],
  source_too_many_pixels: [9413, 403],
  source_too_many_frames: [9413, 403],
  not_an_image: [9412, 415],
  unsupported_format: [9412, 415],
  undecodable: [9516, 422],
  source_truncated: [9516, 422],
  source_mismatch: [9516, 422],
  mark_unusable: [9516, 422],
  quarantined: [9516, 422],
  quota_exceeded: [9422, 429],
  overloaded: [9522, 503],
  shed: [9522, 503],
  draining: [9522, 503],
  no_worker: [9522, 503],
  origin_failed: [9509, 502],
  origin_truncated: [9509, 502],
  origin_busy: [9509, 503],
  origin_unreachable: [9505, 502],
  origin_timeout: [9504, 504],
  processing_deadline: [9529, 504],
  request_deadline: [9529, 504],
  internal: [9523, 500],
  worker_crashed: [9523, 500],
};

/** A line of text, and the number of the error as the edge says it. What has no number of its own is a bad option. */
export function formatCloudflareError(error: PileusError): FormattedError {
  const [number, status] = errors[error.code] ?? [9401, error.status === 422 ? 400 : error.status];
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    body: `ERROR ${number}: ${error.message}\n`,
    headers: { 'cf-resized': `err=${number}` },
  };
}

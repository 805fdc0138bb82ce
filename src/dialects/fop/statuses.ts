import type { ErrorCode } from '../../shared/errors.ts';

/** What is the original's or the URL's fault is 400 in both clouds. */
export const faultStatuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  source_too_large: 400,
  source_too_many_pixels: 400,
  source_too_many_frames: 400,
  result_too_large: 400,
  not_an_image: 400,
  unsupported_format: 400,
  undecodable: 400,
  source_truncated: 400,
  source_mismatch: 400,
  mark_unusable: 400,
  enlarge_refused: 400,
  operation_unsupported: 400,
  quarantined: 400,
};

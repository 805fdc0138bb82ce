import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError } from '../dialect.ts';

type Answer = Readonly<{ status: number; body: string }>;

const invalidUrl: Answer = { status: 404, body: 'Invalid URL' };
const unreachable: Answer = { status: 404, body: 'Source is unreachable' };
const invalidSource: Answer = { status: 422, body: 'Invalid source image' };
const broken: Answer = { status: 422, body: 'Broken or unsupported image' };
const forbidden: Answer = { status: 403, body: 'Forbidden' };
const busy: Answer = { status: 429, body: 'Too many requests' };

/** What users of imgproxy watch for: its statuses, as plain text. What is not here keeps our status and sentence. */
const answers: Readonly<Partial<Record<ErrorCode, Answer>>> = {
  not_found: invalidUrl,
  bad_url: invalidUrl,
  bad_key: invalidUrl,
  bad_operation: invalidUrl,
  bad_value: invalidUrl,
  bad_combination: invalidUrl,
  preset_not_found: invalidUrl,
  signature_expired: invalidUrl,
  signature_missing: forbidden,
  signature_invalid: forbidden,
  original_protected: forbidden,
  method_not_allowed: { status: 404, body: 'Not found' },
  not_allowed: { status: 403, body: 'Invalid URL' },
  source_not_found: unreachable,
  origin_unreachable: { status: 404, body: 'Invalid source URL' },
  origin_failed: { status: 502, body: 'Source is unreachable' },
  origin_busy: { status: 502, body: 'Source is unreachable' },
  origin_truncated: broken,
  origin_timeout: { status: 504, body: 'Source is unreachable' },
  not_an_image: invalidSource,
  unsupported_format: invalidSource,
  source_too_large: invalidSource,
  source_mismatch: invalidSource,
  mark_unusable: invalidSource,
  source_too_many_pixels: invalidSource,
  source_too_many_frames: invalidSource,
  source_truncated: broken,
  undecodable: broken,
  quarantined: broken,
  operation_unsupported: broken,
  result_too_large: invalidSource,
  overloaded: busy,
  shed: busy,
  request_deadline: { status: 503, body: 'Timeout' },
  processing_deadline: { status: 503, body: 'Timeout' },
};

/** An origin's own 4xx is passed on, its 5xx is a 502, and whatever else is no picture is 404. */
const statusAfterOrigin = (status: number): number => (status >= 500 ? 502 : status >= 400 ? status : 404);

/** An error as imgproxy words it, with these headers besides. */
export function formatError(
  { code, detail, originStatus }: PileusError,
  headers: Readonly<Record<string, string>>,
): FormattedError {
  const entry = errorEntry(code);
  if (originStatus !== undefined) {
    return plain(statusAfterOrigin(originStatus), unreachable.body, headers);
  }
  const { status, body } = answers[code] ?? { status: entry.status, body: entry.message };
  // A URL without a signature part is a mistake that its maker should understand.
  const text = code === 'signature_missing' && detail !== undefined ? detail : body;
  return plain(status, text, headers);
}

const plain = (status: number, body: string, headers: Readonly<Record<string, string>>): FormattedError => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
  headers: { 'cache-control': 'no-store', ...headers },
});

import { type ErrorCode, errorEntry, type PileusError } from '../../shared/errors.ts';
import type { FormattedError, Mounted } from '../dialect.ts';
import { type FinerCode, finerCodeOf } from './refusal.ts';

type OssError = Readonly<{ status: number; code: string }>;

const is = (status: number, code: string): OssError => ({ status, code });
const unavailable = is(503, 'ServiceUnavailable');
const failed = is(500, 'InternalError');
const badPicture = is(400, 'BadRequest');
const tooLarge = is(400, 'ImageTooLarge');
const denied = is(403, 'AccessDenied');
const invalid = is(400, 'InvalidArgument');

/** What OSS calls each error of ours. */
const ossErrors: Readonly<Record<ErrorCode, OssError>> = {
  bad_url: invalid,
  bad_key: is(400, 'InvalidObjectName'),
  bad_operation: invalid,
  bad_value: invalid,
  bad_combination: invalid,
  bad_request: badPicture,
  signature_missing: denied,
  signature_invalid: is(403, 'SignatureDoesNotMatch'),
  signature_expired: denied,
  not_allowed: denied,
  original_protected: denied,
  not_found: is(404, 'NoSuchBucket'),
  source_not_found: is(404, 'NoSuchKey'),
  preset_not_found: is(404, 'NoSuchStyle'),
  method_not_allowed: is(405, 'MethodNotAllowed'),
  request_timeout: is(400, 'RequestTimeout'),
  source_too_large: tooLarge,
  source_too_many_pixels: tooLarge,
  source_too_many_frames: tooLarge,
  result_too_large: tooLarge,
  uri_too_long: invalid,
  range_not_satisfiable: is(416, 'InvalidRange'),
  headers_too_large: badPicture,
  not_an_image: badPicture,
  too_costly: badPicture,
  mark_unusable: is(400, 'WatermarkError'),
  unsupported_format: badPicture,
  undecodable: badPicture,
  source_truncated: badPicture,
  source_mismatch: badPicture,
  enlarge_refused: badPicture,
  operation_unsupported: badPicture,
  quarantined: badPicture,
  quota_exceeded: is(503, 'QpsLimitExceeded'),
  client_gone: is(499, 'RequestTimeout'),
  internal: failed,
  worker_crashed: failed,
  origin_failed: failed,
  origin_unreachable: failed,
  origin_truncated: failed,
  overloaded: unavailable,
  shed: unavailable,
  origin_busy: unavailable,
  draining: unavailable,
  no_worker: unavailable,
  origin_timeout: failed,
  processing_deadline: failed,
  request_deadline: failed,
};

const finerStatuses: Readonly<Record<FinerCode, number>> = {
  MissingArgument: 400,
  WatermarkError: 400,
  NoSuchBucket: 404,
  NotImplemented: 501,
};

/** An error as OSS writes it: XML, with the namespace in place of the bucket's host. */
export function formatOssError(error: PileusError, requestId: string, { namespace }: Mounted): FormattedError {
  const { status, code } = ossErrorOf(error);
  const { message } = errorEntry(error.code);
  const elements = [
    ['Code', code],
    ['Message', error.detail === undefined ? message : `${message} ${error.detail}`],
    ['RequestId', requestId],
    ['HostId', namespace?.name ?? 'pileus'],
  ] as const;
  const inner = elements.map(([name, text]) => `  <${name}>${escapeXml(text)}</${name}>\n`).join('');
  return {
    status,
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n${inner}</Error>\n`,
    headers: { 'x-oss-request-id': requestId },
  };
}

function ossErrorOf(error: PileusError): OssError {
  const finer = finerCodeOf(error);
  return finer === null ? ossErrors[error.code] : is(finerStatuses[finer], finer);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What XML cannot hold at all becomes a question mark. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? character);

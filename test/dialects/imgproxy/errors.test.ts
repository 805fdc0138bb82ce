import { expect, it } from 'vitest';
import { formatError } from '../../../src/dialects/imgproxy/errors.ts';
import { type ErrorCode, PileusError } from '../../../src/shared/errors.ts';

it.each<[ErrorCode, number, string]>([
  ['bad_url', 404, 'Invalid URL'],
  ['signature_invalid', 403, 'Forbidden'],
  ['source_not_found', 404, 'Source is unreachable'],
  ['not_an_image', 422, 'Invalid source image'],
  ['source_mismatch', 422, 'Invalid source image'],
  ['mark_unusable', 422, 'Invalid source image'],
  ['undecodable', 422, 'Broken or unsupported image'],
  ['shed', 429, 'Too many requests'],
])('%s is %i %s', (code, status, body) => {
  expect(formatError(new PileusError(code), {})).toMatchObject({ status, body });
});

import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable, PileusError } from '../../../src/shared/errors.ts';
import { answerTo } from './scene.ts';

const path = '/iiif/3/a.jpg/full/max/0/default.jpg';
const statusOf = (code: ErrorCode): number => answerTo(path, new PileusError(code)).status;

describe('an error', () => {
  it('is plain text for any origin, with its code and the request', () => {
    expect(answerTo(path, new PileusError('bad_value', { detail: 'Expected a size.' }))).toEqual({
      status: 400,
      contentType: 'text/plain; charset=utf-8',
      body: 'An operation has a value outside its range. Expected a size.\ncode: bad_value\nrequest: id-1\n',
      headers: { 'access-control-allow-origin': '*' },
    });
  });

  it.each([
    [400, ['bad_url', 'bad_key', 'bad_value', 'operation_unsupported', 'enlarge_refused', 'result_too_large']],
    [403, ['signature_missing', 'original_protected']],
    [404, ['not_found', 'source_not_found']],
    [413, ['source_too_large', 'source_too_many_pixels', 'source_too_many_frames']],
    [415, ['not_an_image', 'unsupported_format']],
    [
      500,
      [
        'undecodable',
        'source_truncated',
        'source_mismatch',
        'mark_unusable',
        'quarantined',
        'internal',
        'worker_crashed',
      ],
    ],
    [500, ['origin_failed', 'origin_unreachable', 'origin_truncated', 'origin_timeout', 'processing_deadline']],
    [501, ['not_allowed']],
    [503, ['overloaded', 'shed', 'origin_busy', 'draining', 'no_worker', 'request_deadline', 'quota_exceeded']],
  ] as const)('is %i for %j', (status, codes) => {
    for (const code of codes) expect([code, statusOf(code)]).toEqual([code, status]);
  });

  it('that another try can help says so with 503, or is one of ours', () => {
    const ours: readonly ErrorCode[] = [
      'worker_crashed',
      'origin_failed',
      'origin_unreachable',
      'origin_truncated',
      'origin_timeout',
    ];
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      if (statusOf(code) === 503) expect([code, errorTable[code].retryable]).toEqual([code, true]);
      else if (errorTable[code].retryable) expect(ours).toContain(code);
    }
  });
});

import { describe, expect, it } from 'vitest';
import {
  asPileusError,
  type ErrorCode,
  errorTable,
  fromWire,
  isPileusError,
  PileusError,
  toWire,
} from '../../src/shared/errors.ts';

const codes = Object.keys(errorTable) as ErrorCode[];

describe('errors', () => {
  it.each(codes)('%s has a status, one public sentence, and says when it happens', (code) => {
    const { status, message, doc } = errorTable[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(doc.length).toBeGreaterThan(10);
  });

  it.each(codes)('%s comes through a process border unchanged', (code) => {
    const error = new PileusError(code, { detail: 'w_ 9', retryAfterS: 3, cause: new Error('private') });
    const back = fromWire(JSON.parse(JSON.stringify(toWire(error))));
    expect(back).toMatchObject({ code, detail: 'w_ 9', retryAfterS: 3, status: error.status });
    expect(JSON.stringify(toWire(error))).not.toContain('private');
  });

  it('turns what is not ours into internal, and keeps the cause for the log', () => {
    const cause = new TypeError('x is not a function');
    const error = asPileusError(cause);
    expect(error).toMatchObject({ code: 'internal', cause });
    expect(error.message).not.toContain('not a function');
    expect(asPileusError(error)).toBe(error);
  });

  it('does not take a system error with a code for one of ours', () => {
    expect(isPileusError(Object.assign(new Error('x'), { code: 'internal' }))).toBe(false);
    expect(isPileusError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
  });

  it('keeps only what the version decides for longer than a moment, and never what the node did', () => {
    for (const code of codes) {
      const { caching, status } = errorTable[code];
      if (caching === 'by-version') expect([413, 415, 422]).toContain(status);
      if (status >= 500 || status === 403) expect(caching).toBe('no-store');
    }
    expect(errorTable.quarantined.caching).toBe('no-store');
  });
});

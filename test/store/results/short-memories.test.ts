import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../../../src/shared/errors.ts';
import { FailureTable } from '../../../src/store/results/failure-table.ts';
import { MissingTable } from '../../../src/store/results/missing-table.ts';

const a = { ns: 'photos', key: 'a.jpg' };
const b = { ns: 'photos', key: 'b.jpg' };

describe('missing table', () => {
  it('believes that a source is missing for so long and no longer', () => {
    const table = new MissingTable(10);
    expect(table.has(a, 2000, 0)).toBe(false);
    table.learn(a, 1000);
    expect(table.has(a, 2000, 2999)).toBe(true);
    expect(table.has(b, 2000, 2999)).toBe(false);
    expect(table.has(a, 2000, 3000)).toBe(false);
    expect(table.size).toBe(0);
  });

  it('is bounded and forgets on request', () => {
    const table = new MissingTable(2);
    for (const key of ['1', '2', '3']) table.learn({ ns: 'photos', key }, 0);
    expect(table.size).toBe(2);
    expect(table.forget({ ns: 'photos', key: '3' })).toBe(true);
    table.learn({ ns: 'photos2', key: '1' }, 0);
    table.forgetNamespace('photos');
    expect(table.size).toBe(1);
    expect(table.has({ ns: 'photos2', key: '1' }, 1, 0)).toBe(true);
  });
});

describe('failure table', () => {
  const op = { requestKey: 'k1', operation: 'image/webp/still/plain' };
  const otherSize = { ...op, requestKey: 'k2' };
  const other = { requestKey: 'k3', operation: 'image/jpg/still/plain' };

  it('remembers exactly the errors that hold for a version', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const table = new FailureTable(10);
      table.learn(a, 'v1', op, { code }, 0);
      const isRemembered = table.find(a, 'v1', op, 1000, 500) !== null;
      expect([code, isRemembered]).toEqual([code, errorTable[code].caching === 'by-version']);
    }
  });

  it('holds for that version and operation, for so long', () => {
    const table = new FailureTable(10);
    table.learn(a, 'v1', op, { code: 'undecodable', detail: 'x' }, 100);
    expect(table.find(a, 'v1', op, 1000, 1099)).toEqual({ code: 'undecodable', detail: 'x' });
    expect(table.find(a, 'v2', op, 1000, 500)).toBeNull();
    expect(table.find(a, 'v1', other, 1000, 500)).toBeNull();
    expect(table.find(b, 'v1', op, 1000, 500)).toBeNull();
    expect(table.find(a, 'v1', op, 1000, 1100)).toBeNull();
    expect(table.size).toBe(0);
  });

  it('holds for one URL, or for all of its class where the pixels are at fault', () => {
    const table = new FailureTable(10);
    table.learn(a, 'v1', op, { code: 'result_too_large' }, 0);
    expect(table.find(a, 'v1', op, 1000, 0)).toEqual({ code: 'result_too_large' });
    expect(table.find(a, 'v1', otherSize, 1000, 0)).toBeNull();
    table.learn(b, 'v1', op, { code: 'undecodable' }, 0);
    expect(table.find(b, 'v1', otherSize, 1000, 0)).toEqual({ code: 'undecodable' });
    expect(table.find(b, 'v1', other, 1000, 0)).toBeNull();
  });

  it('holds for every operation when the source itself is at fault', () => {
    const table = new FailureTable(10);
    table.learn(a, 'v1', op, { code: 'not_an_image' }, 0);
    expect(table.find(a, 'v1', other, 1000, 0)).toEqual({ code: 'not_an_image' });
  });

  it('is bounded and forgets on request', () => {
    const table = new FailureTable(3);
    for (const version of ['1', '2', '3', '4']) table.learn(a, version, op, { code: 'undecodable' }, 0);
    expect(table.size).toBe(3);
    table.learn({ ns: 'photos', key: 'a.jpg2' }, '1', op, { code: 'undecodable' }, 0);
    table.forget(a);
    expect(table.size).toBe(1);
    table.learn({ ns: 'photos2', key: 'a.jpg' }, '1', op, { code: 'undecodable' }, 0);
    table.forgetNamespace('photos');
    expect(table.size).toBe(1);
    table.clear();
    expect(table.size).toBe(0);
  });
});

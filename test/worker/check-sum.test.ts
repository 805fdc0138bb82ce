import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashDigits, hashNames } from '../../src/plan/hash-digits.ts';
import { checkSum } from '../../src/worker/check-sum.ts';

const source = Buffer.from('a picture');

describe('the sum of a source', () => {
  it.each(hashNames)('%s lets the right source through and no other', (hash) => {
    const hex = createHash(hash).update(source).digest('hex');
    expect(hex).toHaveLength(hashDigits[hash]);
    expect(() => checkSum(source, { expects: { hash, hex } })).not.toThrow();
    expect(() => checkSum(Buffer.from('another'), { expects: { hash, hex } })).toThrow(
      expect.objectContaining({ code: 'source_mismatch', status: 422 }),
    );
  });

  it('is not asked for by other plans', () => {
    expect(() => checkSum(source, {})).not.toThrow();
  });
});

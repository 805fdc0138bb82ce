import { describe, expect, it } from 'vitest';
import { ConfigTransaction, silenceMsMax } from '../../src/master/config-transaction.ts';

const children = new Map([
  [1, 'lb 0'],
  [2, 'worker 0'],
]);
const begin = (): ConfigTransaction => new ConfigTransaction(7, children, 1000);

describe('configuration transaction', () => {
  it('commits when every child has acknowledged', () => {
    const transaction = begin();
    transaction.acknowledged(1, 7);
    expect(transaction.verdict(1001)).toBeNull();
    transaction.acknowledged(2, 7);
    expect(transaction.verdict(1002)).toEqual({ commit: true });
  });

  it('keeps the old one at the first refusal, and says who refused and why', () => {
    const transaction = begin();
    transaction.refused(2, 7, 'no such folder');
    expect(transaction.verdict(1001)).toEqual({ commit: false, reason: 'worker 0 refuses it: no such folder' });
  });

  it('keeps the old one when somebody is silent for two seconds', () => {
    const transaction = begin();
    transaction.acknowledged(2, 7);
    expect(transaction.verdict(1000 + silenceMsMax - 1)).toBeNull();
    expect(transaction.verdict(1000 + silenceMsMax)).toEqual({
      commit: false,
      reason: 'no answer from lb 0 in 2000 ms',
    });
  });

  it('does not wait for a child that is gone', () => {
    const transaction = begin();
    transaction.acknowledged(1, 7);
    transaction.gone(2);
    expect(transaction.verdict(1001)).toEqual({ commit: true });
  });

  it('ignores answers about another revision, and of children that were not asked', () => {
    const transaction = begin();
    transaction.acknowledged(1, 6);
    transaction.acknowledged(9, 7);
    transaction.refused(1, 6, 'late');
    transaction.refused(9, 7, 'stranger');
    expect(transaction.verdict(1001)).toBeNull();
  });

  it('commits at once where nobody has to be asked', () => {
    expect(new ConfigTransaction(7, new Map(), 0).verdict(0)).toEqual({ commit: true });
  });
});

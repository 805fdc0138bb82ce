import { describe, expect, it } from 'vitest';
import { closestName } from '../../src/config/closest-name.ts';
import { optionNames } from '../../src/config/option-names.ts';

describe('the closest name', () => {
  it.each([
    ['workrs', 'workers'],
    ['wrokers', 'workers'],
    ['WORKERS', 'workers'],
    ['source-bytes-max', 'sourceBytesMax'],
    ['sourceByteMax', 'sourceBytesMax'],
    ['prot', 'port'],
  ])('to %s is %s', (found, name) => {
    expect(closestName(found, optionNames)).toBe(name);
  });

  it.each(['colour', 'x', '', 'a'.repeat(10_000)])('to %s is none', (found) => {
    expect(closestName(found, optionNames)).toBeNull();
  });

  it('to a name is itself', () => {
    for (const name of optionNames) expect(closestName(name, optionNames)).toBe(name);
  });
});

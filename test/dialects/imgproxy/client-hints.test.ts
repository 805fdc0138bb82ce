import { describe, expect, it } from 'vitest';
import { readHints } from '../../../src/dialects/imgproxy/client-hints.ts';

describe('client hints', () => {
  it.each([
    [{}, { width: null, dpr: null }],
    [{ width: '300' }, { width: 300, dpr: null }],
    [
      { width: '300', dpr: '2' },
      { width: 150, dpr: 2 },
    ],
    [
      { 'sec-ch-width': '301', width: '5', 'sec-ch-dpr': '1.5', dpr: '4' },
      { width: 201, dpr: 1.5 },
    ],
    [{ dpr: '9' }, { width: null, dpr: null }],
    [
      { dpr: '-1', width: '1e3' },
      { width: null, dpr: null },
    ],
    [
      { dpr: '0', width: '0' },
      { width: null, dpr: null },
    ],
    [
      { dpr: '8', width: '1' },
      { width: null, dpr: 8 },
    ],
  ])('%j are %j', (headers, wanted) => {
    expect(readHints(headers as Record<string, string>)).toEqual(wanted);
  });
});

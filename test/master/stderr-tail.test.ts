import { describe, expect, it } from 'vitest';
import { StderrTail } from '../../src/master/stderr-tail.ts';

describe('standard error of a child', () => {
  it('gives whole lines, however they are cut, and without the empty ones', () => {
    const lines: string[] = [];
    const tail = new StderrTail((line) => lines.push(line));
    const bytes = Buffer.from('one\n\ntwö\nthr');
    for (const byte of bytes) tail.add(Buffer.of(byte));
    expect(lines).toEqual(['one', 'twö']);
    expect(tail.text).toBe('one\n\ntwö\nthr');
  });

  it('keeps the end of what was said, and no more', () => {
    const tail = new StderrTail(() => {});
    for (let i = 0; i < 10_000; i += 1) tail.add(Buffer.from(`line ${i}\n`));
    expect(tail.text.length).toBeLessThanOrEqual(4096);
    expect(tail.text.endsWith('line 9999')).toBe(true);
  });

  it('cuts a line without an end', () => {
    const lines: string[] = [];
    const tail = new StderrTail((line) => lines.push(line));
    for (let i = 0; i < 100; i += 1) tail.add(Buffer.alloc(1000, 'x'));
    tail.add(Buffer.from('\n'));
    expect(lines).toEqual(['x'.repeat(1024)]);
  });
});

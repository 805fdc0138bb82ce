import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeErrors } from '../../src/shared/describe-errors.ts';
import { errorTable } from '../../src/shared/errors.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

describe('docs/errors.md', () => {
  it('is what the table of errors says; `npm run docs` writes it anew', () => {
    expect(page).toBe(describeErrors());
  });

  it.each(Object.keys(errorTable))('documents %s', (code) => {
    expect(page.split('\n').filter((line) => line.startsWith(`| \`${code}\` | `))).toHaveLength(1);
  });

  it('leaves no code without a message and an explanation', () => {
    for (const [code, { message, doc, status }] of Object.entries(errorTable)) {
      expect(message, code).toMatch(/\.$/);
      expect(doc.length, code).toBeGreaterThan(10);
      expect(status, code).toBeGreaterThanOrEqual(400);
    }
  });
});

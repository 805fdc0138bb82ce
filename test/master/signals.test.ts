import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSignals } from '../../src/master/describe-signals.ts';
import { intentOf, signalNames } from '../../src/master/signals.ts';

describe('signals', () => {
  it('take a second request to stop as one to stop quickly', () => {
    expect(intentOf('SIGTERM', false)).toBe('drain');
    expect(intentOf('SIGINT', false)).toBe('drain');
    expect(intentOf('SIGTERM', true)).toBe('stop-quickly');
    expect(intentOf('SIGINT', true)).toBe('stop-quickly');
    expect(intentOf('SIGHUP', true)).toBe('reload');
  });

  it('leave the inspector its own', () => {
    expect(signalNames).not.toContain('SIGUSR1');
  });

  it('are described in docs/signals.md as they are in the table (npm run docs)', () => {
    const page = readFileSync(new URL('../../docs/signals.md', import.meta.url), 'utf8');
    expect(page).toBe(describeSignals());
  });
});

import { describe, expect, it } from 'vitest';
import { PublicPort } from '../../src/master/public-port.ts';

describe('public port', () => {
  it('is what was configured', () => {
    const port = new PublicPort();
    expect(port.forNext(8080, false)).toBe(8080);
    expect(port.forNext(8080, true)).toBe(8080);
  });

  it('is asked for alike by lbs that live side by side, so that they share the listener', () => {
    const port = new PublicPort();
    expect(port.forNext(0, false)).toBe(0);
    expect(port.forNext(0, true)).toBe(0);
    port.listening(34_567);
    expect(port.forNext(0, true)).toBe(0);
  });

  it('stays the one that was found when an lb starts alone', () => {
    const port = new PublicPort();
    port.forNext(0, false);
    port.listening(34_567);
    expect(port.forNext(0, false)).toBe(34_567);
    expect(port.forNext(0, true)).toBe(34_567);
    expect(port.found).toBe(34_567);
  });
});

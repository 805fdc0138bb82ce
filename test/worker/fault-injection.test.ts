import { describe, expect, it } from 'vitest';
import { faultIn, faultKinds, isArmed } from '../../src/worker/fault-injection.ts';

describe('fault injection', () => {
  it.each([undefined, '', '0', 'yes'])('is not armed by %j', (value) => {
    expect(isArmed({ PILEUS_FAULT_INJECTION: value })).toBe(false);
  });

  it('is armed by 1 alone', () => {
    expect(isArmed({ PILEUS_FAULT_INJECTION: '1' })).toBe(true);
  });

  it.each(faultKinds)('finds %s in the last segment of a key', (kind) => {
    expect(faultIn(`a/b/fault-${kind}.jpg`, 'jpg')).toBe(kind);
    expect(faultIn(`a/b/my-fault-${kind}-2.jpg`, 'jpg')).toBe(kind);
  });

  it('holds to the output format where one is named', () => {
    expect(faultIn('fault-hang-webp.jpg', 'webp')).toBe('hang');
    expect(faultIn('fault-hang-webp.jpg', 'jpg')).toBeNull();
  });

  it.each(['a.jpg', 'fault-segv/a.jpg', 'fault-none.jpg', 'fault-hanger.jpg'])('sees none in %s', (key) => {
    expect(faultIn(key, 'jpg')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { ChildIdentity } from '../../src/ipc/messages.ts';
import { childEnvironment, readChildIdentity } from '../../src/shared/child-identity.ts';

const identities: readonly ChildIdentity[] = [
  { role: 'lb', slot: 0, generation: 1, socketPath: '' },
  { role: 'worker', slot: 255, generation: 12, socketPath: '/run/pileus/1/worker-255-12.sock' },
];

describe('child identity', () => {
  it.each(identities)('comes back whole from the environment of a %o', (identity) => {
    expect(readChildIdentity(childEnvironment(identity))).toEqual(identity);
  });

  it.each([
    ['an empty environment', {}],
    ['an unknown role', { PILEUS_CHILD_ROLE: 'master' }],
    ['a slot that is no number', { PILEUS_CHILD_SLOT: '1x' }],
    ['a negative generation', { PILEUS_CHILD_GENERATION: '-1' }],
    ['no socket', { PILEUS_CHILD_SOCKET: undefined }],
  ])('is nobody with %s', (name, change) => {
    const whole = childEnvironment({ role: 'worker', slot: 1, generation: 1, socketPath: '/s' });
    expect(readChildIdentity(name === 'an empty environment' ? {} : { ...whole, ...change })).toBeNull();
  });
});

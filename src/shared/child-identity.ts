import type { ChildIdentity } from '../ipc/messages.ts';

/**
 * Who a child is, carried in its environment: it is known before the first message, so that a child that dies
 * while it starts can still be named.
 */
const variables = {
  role: 'PILEUS_CHILD_ROLE',
  slot: 'PILEUS_CHILD_SLOT',
  generation: 'PILEUS_CHILD_GENERATION',
  socketPath: 'PILEUS_CHILD_SOCKET',
} as const;

/** The environment variables that make a child this one. */
export const childEnvironment = (identity: ChildIdentity): Record<string, string> => ({
  [variables.role]: identity.role,
  [variables.slot]: String(identity.slot),
  [variables.generation]: String(identity.generation),
  [variables.socketPath]: identity.socketPath,
});

/** The identity in an environment, or null where there is none or it is not whole. */
export function readChildIdentity(env: Readonly<Record<string, string | undefined>>): ChildIdentity | null {
  const role = env[variables.role];
  const slot = count(env[variables.slot]);
  const generation = count(env[variables.generation]);
  const socketPath = env[variables.socketPath];
  if (role !== 'lb' && role !== 'worker') return null;
  if (slot === null || generation === null || socketPath === undefined) return null;
  return { role, slot, generation, socketPath };
}

const count = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;

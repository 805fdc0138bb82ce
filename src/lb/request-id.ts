import { randomBytes } from 'node:crypto';

/** Ids of requests: unique on this node without asking the system for randomness each time. */
export function requestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${prefix}${(count++).toString(36).padStart(4, '0')}`;
}

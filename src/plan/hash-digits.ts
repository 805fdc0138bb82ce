import type { HashName } from './plan.ts';

/** Hex digits of a sum. */
export const hashDigits: Readonly<Record<HashName, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };

export const isHashName = (text: string): text is HashName => Object.hasOwn(hashDigits, text);

/** All of them, the shortest sum first. */
export const hashNames: readonly HashName[] = Object.keys(hashDigits).filter(isHashName);

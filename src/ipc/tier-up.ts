import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 compile what is hot a few times sooner. A process that makes fifty pictures a second runs each of its
 * functions fifty times a second: with V8 11's own budget (132 kB of bytecode run) most of them would be interpreted
 * for the first hour. Measured: docs/decisions/0011. V8 12 and later count invocations and have a middle tier of their
 * own; they are left alone.
 */
export function tierUpSooner(v8Version: string = process.versions.v8): void {
  if (Number.parseInt(v8Version, 10) < 12) setFlagsFromString('--interrupt-budget=15000');
}

import type { OutputFormat } from '../plan/plan.ts';
import { GiB, MiB } from '../shared/units.ts';

/**
 * Faults on purpose, for tests of the process tree. Armed only by PILEUS_FAULT_INJECTION=1, and then only for
 * sources whose name asks for it: `fault-segv.jpg` always, `fault-hang-webp.jpg` only when the output is WebP.
 */
export const faultKinds = ['segv', 'abort', 'exit', 'throw', 'uncaught', 'spin', 'hang', 'oom'] as const;
export type FaultKind = (typeof faultKinds)[number];

const pattern = new RegExp(`fault-(${faultKinds.join('|')})(?:-(jpg|png|webp|avif|gif|tif))?(?![a-z])`);

export const isArmed = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.PILEUS_FAULT_INJECTION === '1';

/** The fault that this source asks for with this output, or null. */
export function faultIn(key: string, format: OutputFormat): FaultKind | null {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const found = pattern.exec(name);
  if (!found || (found[2] !== undefined && found[2] !== format)) return null;
  return found[1] as FaultKind;
}

const oomBytesMax = 3 * GiB;

/** Does it. Never comes back with a picture, and mostly not at all. */
export async function provoke(kind: FaultKind): Promise<never> {
  switch (kind) {
    case 'segv':
      process.kill(process.pid, 'SIGSEGV');
      break;
    case 'abort':
      process.abort();
      break;
    case 'exit':
      process.exit(7);
      break;
    case 'throw':
      throw new Error('fault injected');
    case 'uncaught':
      setImmediate(() => {
        throw new Error('fault injected');
      });
      break;
    case 'spin':
      for (;;);
    case 'oom':
      await exhaustMemory();
      break;
    case 'hang':
      break;
  }
  return new Promise<never>(() => {});
}

async function exhaustMemory(): Promise<void> {
  const held: Buffer[] = [];
  const chunkBytes = 64 * MiB;
  for (let bytes = 0; bytes < oomBytesMax; bytes += chunkBytes) {
    held.push(Buffer.alloc(chunkBytes, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise(() => setInterval(() => held.length, 1000));
}

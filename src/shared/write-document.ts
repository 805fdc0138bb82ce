import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes a generated page of docs/ when the module at `moduleUrl` is the program that node was started with. */
export function writeDocument(moduleUrl: string, name: string, make: () => string): void {
  const program = process.argv[1];
  if (program === undefined || !isSameFile(program, fileURLToPath(moduleUrl))) return;
  writeFileSync(new URL(`../../docs/${name}`, import.meta.url), make());
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

// Empties dist/ before a build, so that a renamed source leaves no old output behind.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });

// Run after `npm install` has changed package-lock.json on a registry that does not hold every platform's packages: npm
// leaves out those it cannot see, and then refuses its own lock file in `npm ci`. This adds them by name and version,
// without an address or a hash; on their platform npm takes them from whatever registry it is set up for.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const platform = /-(android|darwin|freebsd|linux|win32)-(arm64|arm|x64|ia32|ppc64|s390x|riscv64)(?:-(\w+))?$/;

for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const [, os, cpu, libc] = platform.exec(name) ?? [];
    if (lock.packages[place] || !os || !/^\d/.test(version)) continue;
    lock.packages[place] = {
      version,
      cpu: [cpu],
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
      ...(libc === 'musl' ? { libc: ['musl'] } : {}),
    };
    console.log(`added ${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

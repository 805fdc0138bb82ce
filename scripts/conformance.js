// Runs the public black-box cases of other servers against this build: `npm run conformance`. They lie beside the repository;
// where they are not, it says so and passes. A case that fails must be listed with its reason, and one that is listed must fail.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('..', import.meta.url));
const cases = join(repo, '../shared/conformance/imgproxy-cases.py');
if (!existsSync(cases)) {
  console.log('conformance: left out, the cases are not here');
  process.exit(0);
}

/** Ids of cases that are known to fail: first column of the deviations' table. */
const listed = new Set(
  [...readFileSync(join(repo, 'docs/dialects/imgproxy.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id),
);
const folder = mkdtempSync(join(tmpdir(), 'pileus-conformance-'));
const out = join(folder, 'result.json');
const command = `node ${join(repo, 'dist/main.js')} serve --as imgproxy --admin-port 0 --log-level error --no-access-log`;
const run = spawnSync('python3', [cases, '--launch', command, '--out', out], { stdio: ['ignore', 'ignore', 'pipe'] });
if (!existsSync(out)) {
  console.error(run.stderr.toString());
  process.exit(1);
}
const results = JSON.parse(readFileSync(out, 'utf8'));
rmSync(folder, { recursive: true, force: true });

const failing = results.filter(({ verdict }) => verdict !== 'holds');
const unexpected = failing.filter(({ id }) => !listed.has(id));
const mended = [...listed].filter((id) => results.some((result) => result.id === id && result.verdict === 'holds'));
for (const { id, why } of unexpected) console.error(`fails: ${id}: ${JSON.stringify(why ?? null)}`);
for (const id of mended) console.error(`holds, and is listed as a deviation: ${id}`);
console.log(
  `conformance: ${results.length - failing.length} of ${results.length} hold, ${failing.length - unexpected.length} listed`,
);
process.exit(unexpected.length + mended.length === 0 ? 0 : 1);

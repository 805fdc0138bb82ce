import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { resolve } from '../../src/plan/resolve.ts';
import { MountedGrammar } from '../../test/dialects/mounted.ts';
import { makeContext, makeHeader } from '../../test/plan/resolve/scene.ts';
import { grammarUrls } from './grammar-urls.ts';

/**
 * The p50 and p99 of what a URL of each grammar costs: to canonical plan and native path, and further to integers. Every call is timed
 * for itself; of several rounds in which the grammars take turns, the best p99 counts, since others have the CPU too. It needs an idle
 * machine: beside other load its figures say nothing.
 * The promise is 50 us at p99 for both together.
 */
const rounds = 8;
const calls = 3000;
const promisedUs = 50;
const header = makeHeader({ width: 4000, height: 3000 });
const context = makeContext();

const grammars = grammarUrls.map(([name, url, wish]) => {
  // Our own grammar stands behind any mount.
  const mounted = new MountedGrammar(name.startsWith('native') ? 'next' : name, wish);
  const parse = () => mounted.parse(url, { accept: 'image/avif,image/webp' });
  return { name, parse, planned: () => resolve(parse().plan, header, context) };
});

type Percentiles = Readonly<{ p50Us: number; p99Us: number }>;

function timed(call: () => unknown): Percentiles {
  const tookUs: number[] = [];
  for (let at = 0; at < calls; at++) {
    const start = process.hrtime.bigint();
    call();
    tookUs.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  tookUs.sort((one, other) => one - other);
  const at = (share: number): number => tookUs[Math.ceil(share * calls) - 1] ?? 0;
  return { p50Us: at(0.5), p99Us: at(0.99) };
}

const better = (one: Percentiles | undefined, other: Percentiles): Percentiles =>
  one === undefined || other.p99Us < one.p99Us ? other : one;

const parsed = new Map<string, Percentiles>();
const planned = new Map<string, Percentiles>();
for (let round = 0; round <= rounds; round++) {
  for (const grammar of grammars) {
    const [toPlan, toIntegers] = [timed(grammar.parse), timed(grammar.planned)];
    // The first round is for the compiler.
    if (round === 0) continue;
    parsed.set(grammar.name, better(parsed.get(grammar.name), toPlan));
    planned.set(grammar.name, better(planned.get(grammar.name), toIntegers));
  }
}

const rounded = (us = Number.NaN): number => Math.round(us * 10) / 10;
const rows = grammars.map(({ name }) => ({
  grammar: name,
  planP50Us: rounded(parsed.get(name)?.p50Us),
  planP99Us: rounded(parsed.get(name)?.p99Us),
  integersP50Us: rounded(planned.get(name)?.p50Us),
  integersP99Us: rounded(planned.get(name)?.p99Us),
}));
console.table(rows);
const over = rows.filter(({ integersP99Us }) => integersP99Us > promisedUs).map(({ grammar }) => grammar);
console.log(over.length === 0 ? `all within ${promisedUs} us` : `over ${promisedUs} us: ${over.join(', ')}`);
const file = fileURLToPath(new URL('../../../../results/grammars.json', import.meta.url));
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = {
  cpus: `${os.availableParallelism()} x ${os.cpus()[0]?.model.trim() ?? 'unknown'}`,
  node: process.version,
};
writeFileSync(file, `${JSON.stringify({ commit, machine, rounds, calls, rows }, null, 2)}\n`);

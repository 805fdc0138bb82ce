import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeOriginals } from './load/originals.ts';
import type { BenchContext, Row, Workload } from './load/workload.ts';
import { cold } from './load/workloads/cold.ts';
import { hits } from './load/workloads/hits.ts';
import { lanes } from './load/workloads/lanes.ts';
import { memory } from './load/workloads/memory.ts';
import { overload } from './load/workloads/overload.ts';
import { policiesCompared } from './load/workloads/policies.ts';
import { stampede } from './load/workloads/stampede.ts';

/**
 * `npm run bench [-- names...] [--quick]`: starts the built server on originals made by code, drives it, prints a table and
 * writes bench/results/<workload>.json. Figures are ratios within one run wherever that is possible; milliseconds are
 * of this machine on this day.
 */
const workloads: readonly Workload[] = [cold, hits, stampede, lanes, overload, memory, policiesCompared];

const here = fileURLToPath(new URL('../../../', import.meta.url));
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.filter((name) => !workloads.some((workload) => workload.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no workload ${unknown.join(', ')}. Choose from: ${workloads.map((workload) => workload.name).join(', ')}.`,
  );
  process.exit(2);
}
const context: BenchContext = {
  originals: path.join(here, '.work/originals'),
  cpus: os.availableParallelism(),
  quick: words.includes('--quick'),
};
await makeOriginals(context.originals);
standBeforeTheServer();

for (const workload of workloads) {
  if (names.length > 0 && !names.includes(workload.name)) continue;
  console.log(`\n${workload.name}: ${workload.asks}`);
  const rows = await workload.run(context);
  console.table(rows);
  if (!context.quick) writeResult(workload, rows);
}

/** What waits for its own CPU measures that wait, and not the server's answer. Needs root; without it figures are worse. */
function standBeforeTheServer(): void {
  try {
    os.setPriority(-10);
  } catch {
    console.log('The load generator has no better priority than the server (that needs root).');
  }
}

function writeResult(workload: Workload, rows: readonly Row[]): void {
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    cpus: context.cpus,
    cpuModel: os.cpus()[0]?.model ?? '',
  };
  writeFileSync(
    path.join(here, 'results', `${workload.name}.json`),
    `${JSON.stringify({ asks: workload.asks, ...facts, rows }, null, 2)}\n`,
  );
}

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Policy, type Scenario, simulate } from './simulate.ts';

/** Compares the load score with round robin and least connections over several scenarios; means of five seeds. */
const base = { costSigma: 1.1, meanMs: 60, errorSigma: 0.4, heavyShare: 0, heavyMs: 0, jobs: 60_000 } as const;
const scenarios: readonly Scenario[] = [
  { ...base, name: '8 workers, load 0.8', workers: 8, load: 0.8 },
  {
    ...base,
    name: '8 workers, one three times slower, load 0.8',
    workers: 8,
    load: 0.8,
    speeds: [1 / 3, 1, 1, 1, 1, 1, 1, 1],
  },
  { ...base, name: '16 workers, load 0.9', workers: 16, load: 0.9 },
  { ...base, name: '2 workers, load 0.7', workers: 2, load: 0.7 },
  {
    ...base,
    name: '8 workers, 2 % heavy jobs of 3 s, load 0.6',
    workers: 8,
    load: 0.6,
    heavyShare: 0.02,
    heavyMs: 3000,
  },
];
const policies: readonly Policy[] = ['round-robin', 'least-connections', 'score'];
const seeds = [1, 2, 3, 4, 5];

const rows = scenarios.flatMap((scenario) =>
  policies.map((policy) => {
    const outcomes = seeds.map((seed) => simulate(scenario, policy, seed));
    const mean = (pick: (outcome: (typeof outcomes)[number]) => number): number =>
      Math.round((outcomes.reduce((sum, outcome) => sum + pick(outcome), 0) / outcomes.length) * 10) / 10;
    return {
      scenario: scenario.name,
      policy,
      p50Ms: mean((o) => o.p50Ms),
      p99Ms: mean((o) => o.p99Ms),
      lightP99Ms: mean((o) => o.lightP99Ms),
      meanMs: mean((o) => o.meanMs),
    };
  }),
);

console.table(rows);
const file = fileURLToPath(new URL('../../../../results/simulation.json', import.meta.url));
writeFileSync(file, `${JSON.stringify({ seeds, jobsPerRun: base.jobs, rows }, null, 2)}\n`);

// Import boundaries that a linter of single files cannot see: what a pure folder reaches through others, and that the
// process folders never meet. Run by `npm run lint`.
import { cruise } from 'dependency-cruiser';

const processes = ['master', 'lb', 'worker'];
const machine =
  '^(node:)?(fs|fs/promises|net|http|https|http2|dgram|dns|dns/promises|tls|child_process|worker_threads|cluster)$';

const forbidden = [
  ...processes.map((from) => ({
    name: `${from}-stands-alone`,
    comment: 'Process folders never import one another; what two of them need lives above them.',
    severity: 'error',
    from: { path: `^src/${from}/` },
    to: { path: `^src/(${processes.filter((other) => other !== from).join('|')})/` },
  })),
  {
    name: 'pure-folders-stay-pure',
    comment: 'plan/ and dialects/ decide; they reach no file, socket or process, not even through others.',
    severity: 'error',
    from: { path: '^src/(plan|dialects)/' },
    to: { path: machine, reachable: true },
  },
  {
    name: 'sharp-only-in-pipeline',
    comment: 'One folder knows libvips.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/pipeline/' },
    to: { path: '^(sharp|node_modules/sharp)' },
  },
  {
    name: 'only-the-worker-runs-pictures',
    comment: 'The lb and the master never load libvips, not even through others.',
    severity: 'error',
    from: { path: '^src/(lb|master)/' },
    to: { path: '^src/pipeline/', reachable: true },
  },
  {
    name: 'shared-looks-at-nothing-above',
    comment: 'shared/ and ipc/ carry types and small tools; they know no process.',
    severity: 'error',
    from: { path: '^src/(shared|ipc|plan|dialects|config|store)/' },
    to: { path: '^src/(master|lb|worker|pipeline|cli)/' },
  },
  {
    name: 'no-circles',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
];

const { output } = await cruise(
  ['src'],
  {
    ruleSet: { forbidden },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'node', 'default'] },
  },
  {},
);
const { summary } = output;
// A cruiser that cannot parse finds nothing wrong with nothing.
if (summary.totalCruised < 50) {
  console.error(`Only ${summary.totalCruised} modules were looked at: the check itself is broken.`);
  process.exit(1);
}
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (summary.violations.length > 0) process.exit(1);
console.log(
  `boundaries: ${summary.totalCruised} modules, ${summary.totalDependenciesCruised} imports, none across a line`,
);

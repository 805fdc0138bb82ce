import { writeDocument } from '../shared/write-document.ts';
import { signalNames, signalTable } from './signals.ts';

/** The page docs/signals.md: what an operator can ask of the master. Run as a program it writes the page. */
export function describeSignals(): string {
  const sections = signalNames.map((name) => `## ${name}: ${signalTable[name].intent}\n\n${signalTable[name].doc}\n`);
  return [introduction, ...sections, others].join('\n');
}

const introduction = `# Signals

Generated from src/master/signals.ts (\`npm run docs\`); edit that.

Send them to the master, the process that was started. Its children are its own affair: they are told what to do over
their channel.
`;

const others = `## Others

SIGUSR1 belongs to Node's inspector. SIGKILL to the master ends all of its children too: the kernel kills them where
\`setpriv --pdeathsig\` works, and a watchdog thread in each child does it within about a second elsewhere.
`;

writeDocument(import.meta.url, 'signals.md', describeSignals);

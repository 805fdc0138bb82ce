import { writeDocument } from '../shared/write-document.ts';
import { signalNames, signalTable } from './signals.ts';

/** The text of docs/signals.md. */
export function describeSignals(): string {
  const rows = signalNames.map((name) => `| ${name} | ${signalTable[name].intent} | ${signalTable[name].doc} |`);
  return `# Signals

Generated from the table in \`src/master/signals.ts\` by \`npm run docs\`; do not edit.

Send them to the master, the process that was started. Its children are its own affair: they are told what to do over
their channel and leave the signals of a terminal alone.

| signal | intent | what happens, in this order |
|---|---|---|
${rows.join('\n')}

SIGUSR1 belongs to Node's inspector. SIGKILL to the master ends all of its children too: the kernel kills them where
\`setpriv --pdeathsig\` works, and a watchdog thread in each child does it within about a second elsewhere.
`;
}

writeDocument(import.meta.url, 'signals.md', describeSignals);

/** What an operator can ask for by a signal. */
export type Intent =
  | 'drain'
  | 'stop-quickly'
  | 'reload'
  | 'rolling-restart'
  | 'one-worker-more'
  | 'one-worker-fewer'
  | 'nothing';

/**
 * The one table of signals to the master; `docs/signals.md` is printed from it. SIGUSR1 is not in it: it belongs to
 * Node's inspector.
 */
export const signalTable = {
  SIGTERM: {
    intent: 'drain',
    doc: 'Drain: `/readyz` turns 503, the lbs stop accepting and finish their requests, then the workers finish, exit code 0. What is not done after `drainMs` is killed; the whole takes at most `drainMs` and one second. A second SIGTERM or SIGINT stops quickly.',
  },
  SIGINT: { intent: 'drain', doc: 'The same as SIGTERM (Ctrl-C).' },
  SIGQUIT: {
    intent: 'stop-quickly',
    doc: 'Stop quickly: everybody is told to finish at once, and killed after two seconds. Exit code 0.',
  },
  SIGHUP: {
    intent: 'reload',
    doc: 'Read the configuration again and put it into force in every process, or in none: a fault in it, a process that refuses it or is silent for two seconds, and the old one stays. Options marked `restart` must not have changed.',
  },
  SIGUSR2: {
    intent: 'rolling-restart',
    doc: 'Read the configuration again and replace every child, one at a time, the new one first. Stops at the first new child that does not get ready; the old ones go on with the old configuration. Options of the master itself (`adminHost`, `adminPort`, `runtimeDir`) need a new start.',
  },
  SIGTTIN: {
    intent: 'one-worker-more',
    doc: 'One worker more, up to what the memory holds and 256, until the next start.',
  },
  SIGTTOU: { intent: 'one-worker-fewer', doc: 'One worker fewer, down to one; it finishes its work first.' },
  SIGWINCH: { intent: 'nothing', doc: 'Ignored: terminals send it when they change their size.' },
} as const satisfies Record<string, { intent: Intent; doc: string }>;

export type SignalName = keyof typeof signalTable;
export const signalNames = Object.keys(signalTable) as readonly SignalName[];

/** What a signal means, given whether a drain has begun: asked to stop a second time, the node stops quickly. */
export const intentOf = (signal: SignalName, isStopping: boolean): Intent => {
  const { intent } = signalTable[signal];
  return intent === 'drain' && isStopping ? 'stop-quickly' : intent;
};

import type { ExitClass } from '../ipc/messages.ts';
import type { ChildEnd, DrainReason, KillCause, RawExit } from './slot.ts';

/** What the master knows when a child has ended. */
export type ExitEvidence = Readonly<{
  raw: RawExit;
  wasReady: boolean;
  draining: DrainReason | null;
  cause: KillCause | null;
  /** The kernel's count of out-of-memory kills went up, or the child was close to its memory limit. */
  memoryWasShort: boolean;
}>;

const crashSignals: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGSYS',
]);

/** Names a child's end. Every end has exactly one class; what the master did itself is never a crash. */
export function classifyExit({ raw, wasReady, draining, cause, memoryWasShort }: ExitEvidence): ExitClass {
  if (cause === 'deadline' || cause === 'stuck') return cause;
  if (cause === 'boot-timeout' || cause === 'boot-failed') return 'boot-failed';
  if (cause === 'drain-timeout' || cause === 'stop') return planned(draining);
  if (raw.signal === 'SIGKILL' && memoryWasShort) return 'oom-suspected';
  if (!wasReady) return 'boot-failed';
  if (raw.signal !== null) return crashSignals.has(raw.signal) ? 'crashed' : 'killed';
  if (raw.code !== 0) return 'crashed';
  return draining === null ? 'clean' : planned(draining);
}

const planned = (draining: DrainReason | null): ExitClass => (draining === 'recycle' ? 'recycled' : 'drained');

/** Ends for which the jobs that were running have to answer. */
const blamed: ReadonlySet<ExitClass> = new Set(['crashed', 'killed', 'oom-suspected', 'deadline', 'stuck']);
export const isBlamed = (exit: ExitClass): boolean => blamed.has(exit);

/** Ends that nobody planned: they are logged as warnings and leave a flight record. */
export const isAbnormal = (exit: ExitClass): boolean => isBlamed(exit) || exit === 'boot-failed';

/** The obituary: one line that says who died, how, after what life, and what it was doing. */
export function obituaryLine(end: ChildEnd): string {
  const how = end.raw.signal ?? (end.raw.code === null ? 'could not be started' : `code ${end.raw.code}`);
  const why = [end.cause && `killed by the master: ${end.cause}`, end.draining && `draining: ${end.draining}`].filter(
    Boolean,
  );
  const doing = end.jobs.map(
    ({ subject, jobId }) => `${subject.ns}/${subject.key} (${subject.operation}, job ${jobId})`,
  );
  return [
    `${end.name.role} ${end.name.slot} gen ${end.child.generation} pid ${end.child.pid}: ${end.exit} (${[how, ...why].join('; ')})`,
    `after ${(end.uptimeMs / 1000).toFixed(1)} s`,
    doing.length > 0 ? `while running ${doing.join(', ')}` : 'idle',
  ].join(', ');
}

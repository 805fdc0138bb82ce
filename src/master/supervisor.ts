import cluster, { type Worker } from 'node:cluster';
import { writeFile } from 'node:fs';
import { type MasterChannel, openMasterChannel } from '../ipc/channel.ts';
import type { ChildIdentity, Fact, Order } from '../ipc/messages.ts';
import { childEnvironment } from '../shared/child-identity.ts';
import { lbHeapArguments } from './lb-heap.ts';
import { forkWithParentDeath, type ParentDeath, parentDeathArguments, parentDeathEnvironment } from './parent-death.ts';
import type { RawExit } from './slot.ts';
import { StderrTail } from './stderr-tail.ts';

/**
 * The edge to real processes: starts them, speaks with them, kills them and says how they ended. It decides nothing.
 */
export type Supervisor = Readonly<{
  /**
   * The pid, or null where the system would not start it. No variable that holds one of `secrets` is handed on. `launcher`:
   * a command that starts it in its own place (its CPU, its scheduling class), with its arguments; empty for none.
   */
  spawn: (identity: ChildIdentity, secrets: readonly string[], launcher: readonly string[]) => number | null;
  send: (generation: number, order: Order) => boolean;
  kill: (generation: number) => void;
}>;

export type SupervisorEvents = Readonly<{
  onFact: (generation: number, fact: Fact) => void;
  onExit: (generation: number, raw: RawExit) => void;
  onStderrLine: (identity: ChildIdentity, line: string) => void;
}>;

type Process = Readonly<{ worker: Worker; channel: MasterChannel; pid: number }>;

/** After `exit`, messages and last words may still be on their way; this long is waited for them. */
const lastWordsMs = 100;
/** Workers are the first that the kernel should take when memory is short: they are replaced in a moment. */
const workerOomScoreAdj = '800';

/** `script`: what a child runs (dist/main.js). The public listener is shared between children, never balanced here. */
export function openSupervisor(script: string, how: ParentDeath, events: SupervisorEvents): Supervisor {
  const processes = new Map<number, Process>();
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({
    exec: script,
    args: [],
    // Standard output is inherited, so that an access line costs the master nothing.
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });

  return {
    spawn(identity, secrets, launcher) {
      const { generation } = identity;
      // Settings count for the next fork.
      const execArgv = parentDeathArguments(how, launcher, identity.role === 'lb' ? lbHeapArguments() : []);
      cluster.setupPrimary({ execArgv });
      const worker = fork(how, { ...withheld(secrets), ...parentDeathEnvironment(how), ...environmentOf(identity) });
      const pid = worker?.process.pid;
      if (!worker || pid === undefined) return null;
      const channel = openMasterChannel(worker);
      processes.set(generation, { worker, channel, pid });
      if (identity.role === 'worker') writeFile(`/proc/${pid}/oom_score_adj`, workerOomScoreAdj, () => {});

      const lastWords = new StderrTail((line) => events.onStderrLine(identity, line));
      worker.process.stderr?.on('data', (chunk: Buffer) => lastWords.add(chunk));
      channel.onMessage((fact) => {
        if (processes.has(generation)) events.onFact(generation, fact);
      });
      onceEnded(worker, (code, signal) => {
        processes.delete(generation);
        events.onExit(generation, { code, signal, stderrTail: lastWords.text });
      });
      return pid;
    },
    send: (generation, order) => processes.get(generation)?.channel.send(order) ?? false,
    kill(generation) {
      const child = processes.get(generation);
      if (!child) return;
      try {
        process.kill(child.pid, 'SIGKILL');
      } catch {
        // It is gone already; its exit event is on the way.
      }
    },
  };
}

function fork(how: ParentDeath, env: Readonly<Record<string, string | undefined>>): Worker | undefined {
  try {
    const worker = forkWithParentDeath(how, env);
    // Unheard, an error (out of processes, a channel that broke) would end the master. The exit tells what it meant.
    worker.on('error', () => {});
    worker.process.on('error', () => {});
    return worker;
  } catch {
    return undefined;
  }
}

/** Variables of our own that children need although their configuration comes by message. */
const handedOn: readonly string[] = ['PILEUS_FAULT_INJECTION'];

/** What stays with the master: its own options, and whatever holds a signing key. */
const withheld = (secrets: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(
    Object.entries(process.env)
      .filter(
        ([name, value]) =>
          (name.startsWith('PILEUS_') && !handedOn.includes(name)) || secrets.some((secret) => value?.includes(secret)),
      )
      .map(([name]) => [name, undefined]),
  );

const environmentOf = (identity: ChildIdentity): Record<string, string> => ({
  ...childEnvironment(identity),
  ...(identity.role === 'worker' ? workerEnvironment() : {}),
});

/**
 * glibc's malloc keeps what libvips has freed; with these a worker stays at about 90 MB instead of 500 (measured).
 * What the operator has set stays.
 */
const workerEnvironment = (): Record<string, string> => ({
  MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
  MALLOC_TRIM_THRESHOLD_: process.env.MALLOC_TRIM_THRESHOLD_ ?? '131072',
  MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_ ?? '131072',
  UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '4',
});

/**
 * Calls back once, when a child has ended and all it had said has been read (`close`), since its last message names
 * the picture that killed it; or a moment after `exit`, should somebody else hold its standard error open.
 */
function onceEnded(worker: Worker, listener: (code: number | null, signal: NodeJS.Signals | null) => void): void {
  let told = false;
  const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (told) return;
    told = true;
    listener(code, signal);
  };
  worker.process.once('close', tell);
  worker.process.once('exit', (code, signal) => setTimeout(tell, lastWordsMs, code, signal));
}

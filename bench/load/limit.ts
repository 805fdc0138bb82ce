import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LimitAnswer, LimitOrder } from './limit-child.ts';

/** The limit of this machine for one kind of picture: bare processes, one per CPU, started once and asked in rounds. */
export type Limit = Readonly<{
  measure: (
    order: LimitOrder,
  ) => Promise<Readonly<{ perSecond: number; cpuMsPerPicture: number; bytesPerPicture: number }>>;
  /** Makes the processes run as workers do: of lower priority or of the idle class, and each on its CPU. */
  behaveAsWorkers: (scheduling: 'normal' | 'idle') => void;
  stop: () => void;
}>;

export async function startLimit(processes: number): Promise<Limit> {
  const file = fileURLToPath(new URL('./limit-child.js', import.meta.url));
  const env = {
    ...process.env,
    MALLOC_ARENA_MAX: '2',
    MALLOC_TRIM_THRESHOLD_: '131072',
    MALLOC_MMAP_THRESHOLD_: '131072',
  };
  const children = Array.from({ length: processes }, () => fork(file, { env }));
  await Promise.all(children.map((child) => next<string>(child)));
  return {
    measure: async (order) => {
      const answers = await Promise.all(
        children.map((child) => {
          const answer = next<LimitAnswer>(child);
          child.send(order);
          return answer;
        }),
      );
      const pictures = sum(answers, (answer) => answer.pictures);
      return {
        perSecond: sum(answers, (answer) => (answer.pictures / answer.elapsedMs) * 1000),
        cpuMsPerPicture: sum(answers, (answer) => answer.cpuMs) / pictures,
        bytesPerPicture: sum(answers, (answer) => answer.bytesOut) / pictures,
      };
    },
    behaveAsWorkers: (scheduling) => {
      for (const [cpu, { pid = 0 }] of children.entries()) {
        os.setPriority(pid, workerNice);
        // All its threads; without taskset it is left to the kernel, as a worker would be.
        spawnSync('taskset', ['-acp', String(cpu), String(pid)], { stdio: 'ignore' });
        if (scheduling === 'idle') spawnSync('chrt', ['-a', '--idle', '-p', '0', String(pid)], { stdio: 'ignore' });
      }
    },
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

/** The default of `workerNice`. */
const workerNice = 5;

const next = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`A process of the limit ended with ${code}.`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message);
    });
  });

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

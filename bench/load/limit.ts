import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LimitAnswer, LimitOrder } from './limit-child.ts';

/** The limit of this machine for one kind of picture: bare processes, one per CPU, started once and asked in rounds. */
export type Limit = Readonly<{
  measure: (
    order: LimitOrder,
  ) => Promise<Readonly<{ perSecond: number; cpuMsPerPicture: number; bytesPerPicture: number }>>;
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
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

const next = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message));
    child.once('exit', (code) => reject(new Error(`A process of the limit ended with ${code}.`)));
  });

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

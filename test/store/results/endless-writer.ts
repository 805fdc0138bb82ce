/**
 * A process that keeps results as fast as it can until it is killed. Arguments: the store's folder and the number of the
 * first result. It says `ready` on standard output when the first is written.
 */
import { systemClock } from '../../../src/shared/clock.ts';
import { FileResultStore } from '../../../src/store/results/file-result-store.ts';
import { numbered } from './samples.ts';

const [, , folder = '', first = '0'] = process.argv;
const store = new FileResultStore({
  folder,
  bytesMax: 2 ** 30,
  writesMax: 64,
  writeBytesMax: 2 ** 30,
  clock: systemClock,
});

for (let number = Number(first); ; number++) {
  const { ref, result } = numbered(number);
  store.put(ref, result);
  if (store.stats().backlog >= 32) await store.flush();
  if (store.counters().written > 0 && number % 32 === 0) process.stdout.write('ready\n');
}

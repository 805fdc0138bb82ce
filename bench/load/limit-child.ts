// One bare process of the limit: reads the same files, runs the very same Resolved, no HTTP, no queue, one picture at a
// time. Told how long by its parent; answers how many it made.
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { runPicture } from '../../src/pipeline/run.ts';
import { warmUp } from '../../src/pipeline/sharp.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { systemClock } from '../../src/shared/clock.ts';

export type LimitOrder = Readonly<{ files: readonly string[]; resolved: Resolved; durationMs: number }>;
export type LimitAnswer = Readonly<{ pictures: number; elapsedMs: number; cpuMs: number; bytesOut: number }>;

// The load generator's own priority is not for what is measured.
os.setPriority(0);
process.on('message', (order: LimitOrder) => void run(order).then((answer) => process.send?.(answer)));
await warmUp();
process.send?.('ready');

async function run({ files, resolved, durationMs }: LimitOrder): Promise<LimitAnswer> {
  const startMs = systemClock.nowMs();
  const startCpu = process.cpuUsage();
  let pictures = 0;
  let bytesOut = 0;
  while (systemClock.nowMs() - startMs < durationMs) {
    const source = await readFile(files[pictures % files.length] as string);
    const picture = await runPicture(source, resolved, {
      softMs: 60_000,
      limits: { resultPixelsMax: 1e9, svgBytesMax: 0, resultBytesMax: 1e9 },
      assets: () => Promise.reject(new Error('no assets')),
    });
    bytesOut += picture.bytes.length;
    pictures++;
  }
  const cpu = process.cpuUsage(startCpu);
  return { pictures, elapsedMs: systemClock.nowMs() - startMs, cpuMs: (cpu.user + cpu.system) / 1000, bytesOut };
}

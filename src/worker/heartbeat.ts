import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Fact } from '../ipc/messages.ts';
import type { WorkerLoad } from '../ipc/order.ts';
import type { EventStream } from './event-stream.ts';
import type { JobsInside } from './jobs-inside.ts';
import type { LoadMeter } from './load-meter.ts';

/** How often the load is measured, and told to the lbs where it changed. */
const loadEveryMs = 250;
/** Each look at the lag wakes the process. */
const lagResolutionMs = 100;

export type HeartbeatDeps = Readonly<{
  inside: JobsInside;
  meter: LoadMeter;
  events: EventStream;
  tellMaster: (fact: Fact) => void;
}>;

/** Beats to the master every `heartbeatMs` and tells the lbs of a changed load. Gives what ends it. */
export function startHeartbeat(heartbeatMs: number, deps: HeartbeatDeps): () => void {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  delay.enable();

  let toldLoad: WorkerLoad | null = null;
  const tellLoad = (): void => {
    deps.meter.sample();
    const load = deps.inside.load();
    if (toldLoad && !hasChanged(toldLoad, load)) return;
    toldLoad = load;
    deps.events.tell({ type: 'load', load });
  };

  const beat = (): void => {
    const { inside, tellMaster } = deps;
    // The monitor's own tick is in every sample.
    const eventLoopLagMs = Math.max(0, delay.max / 1e6 - lagResolutionMs);
    delay.reset();
    tellMaster({
      type: 'beat',
      beat: {
        role: 'worker',
        load: inside.load(),
        jobsDone: inside.done,
        eventLoopLagMs,
      },
    });
  };

  const loads = setInterval(tellLoad, loadEveryMs);
  const beats = setInterval(beat, heartbeatMs);
  beat();
  return () => {
    clearInterval(loads);
    clearInterval(beats);
    delay.disable();
  };
}

/** Differences that would change no score are not told. */
export function hasChanged(before: WorkerLoad, now: WorkerLoad): boolean {
  const counts = ['fetching', 'ready', 'running', 'bufferBytesPinned', 'pixelsInFlight'] as const;
  return (
    counts.some((name) => before[name] !== now[name]) ||
    Math.abs(before.cpuShare - now.cpuShare) >= 0.05 ||
    Math.abs(before.cpuShareExplained - now.cpuShareExplained) >= 0.05 ||
    Math.abs(before.rssBytes - now.rssBytes) >= 0.05 * before.rssBytes
  );
}

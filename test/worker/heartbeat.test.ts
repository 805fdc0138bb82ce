import { describe, expect, it } from 'vitest';
import type { WorkerLoad } from '../../src/ipc/order.ts';
import { hasChanged } from '../../src/worker/heartbeat.ts';

const load: WorkerLoad = {
  cpuShare: 0.5,
  cpuShareExplained: 0.5,
  rssBytes: 100_000_000,
  bufferBytesUsed: 0,
  bufferBytesPinned: 0,
  bufferBytes: 1000,
  fetching: 0,
  ready: 0,
  running: 0,
  pixelsInFlight: 0,
};

describe('a load is told again', () => {
  it.each<Partial<WorkerLoad>>([
    { fetching: 1 },
    { ready: 1 },
    { running: 1 },
    { pixelsInFlight: 1 },
    { bufferBytesPinned: 1 },
    { cpuShare: 0.6 },
    { cpuShareExplained: 0.4 },
    { rssBytes: 120_000_000 },
  ])('when it is %j', (change) => {
    expect(hasChanged(load, { ...load, ...change })).toBe(true);
  });

  it.each<Partial<WorkerLoad>>([{}, { cpuShare: 0.51 }, { rssBytes: 101_000_000 }, { bufferBytesUsed: 500 }])(
    'not when it is %j',
    (change) => {
      expect(hasChanged(load, { ...load, ...change })).toBe(false);
    },
  );
});

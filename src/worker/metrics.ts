import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { redirectReasons } from '../ipc/order.ts';
import type { BlobBuffer } from './blob-buffer.ts';
import type { JobsInside } from './jobs-inside.ts';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** All metrics of a worker. Labels are bounded: codes, phases and reasons from closed lists, never keys or hosts. */
export type WorkerMetrics = ReturnType<typeof openMetrics>;

export function openMetrics(read: Readonly<{ buffer: BlobBuffer; inside: JobsInside; linesDropped: () => number }>) {
  const registry = new Registry();
  const registers = [registry];

  const metrics = {
    jobs: new Counter({
      name: 'pileus_worker_jobs_total',
      help: 'Jobs answered, by view and outcome (ok, redirect, or an error code).',
      labelNames: ['view', 'outcome'] as const,
      registers,
    }),
    phaseSeconds: new Histogram({
      name: 'pileus_worker_phase_seconds',
      help: 'Time that a job spent in a phase: fetch, wait (for the CPU place), process.',
      labelNames: ['phase'] as const,
      buckets: secondsBuckets,
      registers,
    }),
    sources: new Counter({
      name: 'pileus_worker_sources_total',
      help: 'Where sources came from: hit (the blob buffer), joined (a fetch under way), miss (the origin), carried.',
      labelNames: ['from'] as const,
      registers,
    }),
    fetches: new Counter({
      name: 'pileus_worker_fetches_total',
      help: 'Fetches of sources, by result (ok, or an error code).',
      labelNames: ['result'] as const,
      registers,
    }),
    fetchedBytes: new Counter({
      name: 'pileus_worker_fetched_bytes_total',
      help: 'Bytes of sources that were fetched.',
      registers,
    }),
    redirects: new Counter({
      name: 'pileus_worker_redirects_total',
      help: 'Jobs handed back, by reason.',
      labelNames: ['reason'] as const,
      registers,
    }),
    decodedPixels: new Counter({
      name: 'pileus_worker_source_pixels_total',
      help: 'Pixels of the sources that were decoded, all frames, before shrink-on-load.',
      registers,
    }),
    costPixels: new Counter({
      name: 'pileus_worker_cost_pixels_total',
      help: 'Cost pixels of the pictures that were made: what the load score counts.',
      registers,
    }),
    costRatio: new Histogram({
      name: 'pileus_worker_cost_estimate_ratio',
      help: 'Actual over predicted processing time of a picture; 1 is a perfect estimate.',
      buckets: [0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9, 1.1, 1.25, 1.5, 2, 3, 5, 10],
      registers,
    }),
    pictures: new Counter({
      name: 'pileus_worker_pictures_total',
      help: 'Pictures handed to libvips, by outcome (ok, failed, soft-deadline).',
      labelNames: ['outcome'] as const,
      registers,
    }),
    joined: new Counter({
      name: 'pileus_worker_joined_total',
      help: "Jobs answered by another job's equal picture.",
      registers,
    }),
    originals: new Counter({
      name: 'pileus_worker_originals_total',
      help: 'Originals streamed, by status.',
      labelNames: ['status'] as const,
      registers,
    }),
  };

  new Gauge({
    name: 'pileus_worker_jobs_inside',
    help: 'Jobs between their order and their answer.',
    registers,
    collect() {
      this.set(read.inside.count);
    },
  });
  new Gauge({
    name: 'pileus_worker_blob_buffer_bytes',
    help: 'Size of the blob buffer, and how much of it holds sources (used) that are being read or filled (pinned).',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      const { bytes, usedBytes, pinnedBytes } = read.buffer.usage;
      this.set({ kind: 'size' }, bytes);
      this.set({ kind: 'used' }, usedBytes);
      this.set({ kind: 'pinned' }, pinnedBytes);
    },
  });
  counterOf(registers, 'pileus_worker_blob_buffer_evictions_total', 'Sources evicted from the blob buffer.', () => {
    return read.buffer.usage.evictions;
  });
  counterOf(registers, 'pileus_worker_log_lines_dropped_total', 'Log lines that nobody read.', read.linesDropped);

  for (const reason of redirectReasons) metrics.redirects.inc({ reason }, 0);
  return { ...metrics, registry };
}

/** A counter that is kept elsewhere. */
function counterOf(registers: Registry[], name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

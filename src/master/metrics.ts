import { Counter, Gauge, Registry } from 'prom-client';
import type { ExitClass, QuarantineEntry } from '../ipc/messages.ts';
import type { Slot } from './slot.ts';

/** All metrics of the master. Labels are from closed lists, or slot numbers, which are few. */
export function openMasterMetrics(linesDropped: () => number) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  new Counter({
    name: 'pileus_master_log_lines_dropped_total',
    help: 'Log lines of the master that nobody read.',
    registers,
    collect() {
      this.reset();
      this.inc(linesDropped());
    },
  });
  return {
    registry,
    exits: counter('pileus_child_exits_total', 'Children that ended, by role and exit class.', ['role', 'exit']),
    spawns: counter('pileus_child_spawns_total', 'Children that were started.', ['role']),
    slots: gauge('pileus_slots', 'Places for children, by role and state.', ['role', 'state']),
    rssBytes: gauge('pileus_child_rss_bytes', 'Resident set of each child, from its last heartbeat.', ['role', 'slot']),
    cpuShare: gauge('pileus_child_cpu_ratio', 'CPU seconds per second of each child.', ['role', 'slot']),
    bufferBytes: gauge('pileus_blob_buffer_bytes', 'Size of the blob buffer of each worker.', ['slot']),
    bufferUsedBytes: gauge(
      'pileus_blob_buffer_used_bytes',
      'Bytes of the blob buffer of each worker that hold a source.',
      ['slot'],
    ),
    jobSeconds: gauge(
      'pileus_running_job_age_seconds',
      'Age of the picture that each worker has in libvips; 0: none.',
      ['slot'],
    ),
    strikes: counter('pileus_strikes_total', 'Deaths of workers that a picture was blamed for.'),
    quarantined: gauge('pileus_quarantined', 'Entries in the quarantine, by scope.', ['scope']),
    flightRecords: counter('pileus_flight_records_total', 'Flight records, by result.', ['result']),
    revision: gauge('pileus_config_revision', 'Revision of the configuration in force.'),
    reloads: counter('pileus_config_reloads_total', 'Reloads of the configuration, by result.', ['result']),
    rollingRestarts: counter('pileus_rolling_restarts_total', 'Rolling restarts, by result.', ['result']),
    brokenBackends: counter('pileus_backend_broken_total', 'Connections to workers that broke, as told by the lbs.'),
  };
}

export type MasterMetrics = ReturnType<typeof openMasterMetrics>;

const roles = ['lb', 'worker'] as const;
const states: readonly Slot['state'][] = ['waiting', 'starting', 'ready', 'draining', 'killed'];
const exitClasses: readonly ExitClass[] = [
  'clean',
  'drained',
  'recycled',
  'boot-failed',
  'crashed',
  'killed',
  'oom-suspected',
  'deadline',
  'stuck',
];

/** Starts every series at zero: a counter that appears with its first event hides that event from `rate`. */
export function zeroMetrics(metrics: MasterMetrics): void {
  for (const role of roles) {
    metrics.spawns.inc({ role }, 0);
    for (const exit of exitClasses) metrics.exits.inc({ role, exit }, 0);
  }
  for (const result of ['written', 'failed']) metrics.flightRecords.inc({ result }, 0);
  for (const result of ['committed', 'refused']) metrics.reloads.inc({ result }, 0);
  for (const result of ['done', 'stopped', 'refused']) metrics.rollingRestarts.inc({ result }, 0);
}

/** Brings the gauges up to the tables, before a scrape. */
export function showTables(
  metrics: MasterMetrics,
  slots: readonly Slot[],
  quarantined: readonly QuarantineEntry[],
  nowMs: number,
): void {
  for (const role of roles) {
    for (const state of states) {
      metrics.slots.set({ role, state }, slots.filter((slot) => slot.role === role && slot.state === state).length);
    }
  }
  for (const scope of ['source', 'operation'] as const) {
    metrics.quarantined.set({ scope }, quarantined.filter((entry) => entry.scope === scope).length);
  }
  // Gauges of children that are gone disappear.
  const { rssBytes, cpuShare, bufferBytes, bufferUsedBytes, jobSeconds } = metrics;
  for (const metric of [rssBytes, cpuShare, bufferBytes, bufferUsedBytes, jobSeconds]) metric.reset();
  for (const slot of slots) showSlot(metrics, slot, nowMs);
}

function showSlot(metrics: MasterMetrics, slot: Slot, nowMs: number): void {
  if (slot.state !== 'ready' && slot.state !== 'draining') return;
  const { beat } = slot;
  if (beat?.role === 'lb') {
    metrics.rssBytes.set({ role: 'lb', slot: slot.slot }, beat.rssBytes);
    metrics.cpuShare.set({ role: 'lb', slot: slot.slot }, beat.cpuShare);
  }
  if (beat?.role === 'worker') {
    metrics.rssBytes.set({ role: 'worker', slot: slot.slot }, beat.load.rssBytes);
    metrics.cpuShare.set({ role: 'worker', slot: slot.slot }, beat.load.cpuShare);
    metrics.bufferBytes.set({ slot: slot.slot }, beat.load.bufferBytes);
    metrics.bufferUsedBytes.set({ slot: slot.slot }, beat.load.bufferBytesUsed);
  }
  if (slot.role === 'worker') {
    const oldest = slot.jobs[0];
    metrics.jobSeconds.set({ slot: slot.slot }, oldest ? (nowMs - oldest.startedAtMs) / 1000 : 0);
  }
}

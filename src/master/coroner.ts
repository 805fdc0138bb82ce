import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { JobRing } from './blame/job-ring.ts';
import type { Blame } from './blame/strikes.ts';
import { isAbnormal, isBlamed, obituaryLine } from './exit-report.ts';
import type { FlightRecorder } from './flight-recorder.ts';
import type { MasterMetrics } from './metrics.ts';
import type { ChildEnd } from './slot.ts';

type CoronerParts = Readonly<{
  blame: Blame;
  jobs: JobRing;
  recorder: FlightRecorder;
  log: Log;
  metrics: MasterMetrics;
  clock: Clock;
}>;

/** What follows from a child's end: the obituary, strikes against the pictures it had in libvips, a flight record. */
export class Coroner {
  readonly #parts: CoronerParts;

  constructor(parts: CoronerParts) {
    this.#parts = parts;
  }

  /** Strikes what has to answer for this end; true if the tables of the blamed have changed. */
  strike(end: ChildEnd, nowMs: number): boolean {
    const { blame, jobs, log, metrics } = this.#parts;
    jobs.died(end.child.generation, nowMs);
    if (!isBlamed(end.exit)) return false;
    for (const { subject, jobId } of end.jobs) {
      metrics.strikes.inc();
      log.warn({ event: 'strike', ...subject, jobId, exit: end.exit });
      for (const entry of blame.strike(subject, nowMs)) {
        log.warn({ event: 'quarantined', ...entry, forMs: Math.round(entry.untilMs - nowMs) });
      }
    }
    return end.jobs.length > 0;
  }

  writeObituary(end: ChildEnd): void {
    const { log, metrics } = this.#parts;
    const { name, child, exit, raw, cause, draining, jobs } = end;
    metrics.exits.inc({ role: name.role, exit });
    const fields = {
      event: 'child-exited' as const,
      of: name.role,
      slot: name.slot,
      generation: child.generation,
      childPid: child.pid,
      exit,
      code: raw.code,
      signal: raw.signal,
      cause,
      draining,
      uptimeMs: Math.round(end.uptimeMs),
      jobs: jobs.map(({ jobId, requestId, subject }) => ({ jobId, requestId, ...subject })),
      ...(isAbnormal(exit) && raw.stderrTail !== '' ? { lastWords: raw.stderrTail } : {}),
    };
    const line = obituaryLine(end);
    if (isAbnormal(exit)) log.warn(fields, line);
    else log.info(fields, line);
    if (isBlamed(exit)) void this.record(line, { ...fields, beat: end.beat });
  }

  /** Writes a flight record; the file's name, or null. Failing to is logged and counted, never thrown. */
  async record(cause: string, details: unknown): Promise<string | null> {
    const { recorder, jobs, log, metrics, clock } = this.#parts;
    try {
      const file = await recorder.dump({ cause, details, nowMs: clock.nowMs(), jobs: jobs.jobs }, clock.wallMs());
      if (file === null) {
        log.info({ event: 'flight-record-skipped', cause }, 'flightRecordsMax is 0, or several are being written');
        return null;
      }
      metrics.flightRecords.inc({ result: 'written' });
      log.info({ event: 'flight-record', file, cause });
      return file;
    } catch (err) {
      metrics.flightRecords.inc({ result: 'failed' });
      log.error({ event: 'flight-record-failed', err });
      return null;
    }
  }
}

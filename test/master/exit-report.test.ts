import { describe, expect, it } from 'vitest';
import type { ExitClass } from '../../src/ipc/messages.ts';
import { classifyExit, type ExitEvidence, isAbnormal, isBlamed, obituaryLine } from '../../src/master/exit-report.ts';
import { raw, subject } from './table.ts';

const evidence: ExitEvidence = {
  raw: raw(0),
  wasReady: true,
  draining: null,
  cause: null,
  memoryWasShort: false,
};

describe('exit classification', () => {
  it.each<[string, Partial<ExitEvidence>, ExitClass]>([
    ['left by itself with 0', {}, 'clean'],
    ['left with another code', { raw: raw(1) }, 'crashed'],
    ['SIGSEGV', { raw: raw(null, 'SIGSEGV') }, 'crashed'],
    ['SIGABRT', { raw: raw(null, 'SIGABRT') }, 'crashed'],
    ['SIGBUS', { raw: raw(null, 'SIGBUS') }, 'crashed'],
    ['SIGKILL of somebody else', { raw: raw(null, 'SIGKILL') }, 'killed'],
    ['SIGTERM of somebody else', { raw: raw(null, 'SIGTERM') }, 'killed'],
    ['SIGKILL while memory was short', { raw: raw(null, 'SIGKILL'), memoryWasShort: true }, 'oom-suspected'],
    ['SIGSEGV while memory was short', { raw: raw(null, 'SIGSEGV'), memoryWasShort: true }, 'crashed'],
    ['never ready, with a code', { raw: raw(1), wasReady: false }, 'boot-failed'],
    ['never ready, with 0', { raw: raw(0), wasReady: false }, 'boot-failed'],
    ['never ready, by a signal', { raw: raw(null, 'SIGSEGV'), wasReady: false }, 'boot-failed'],
    ['not ready in time', { raw: raw(null, 'SIGKILL'), wasReady: false, cause: 'boot-timeout' }, 'boot-failed'],
    ['said it cannot start', { raw: raw(null, 'SIGKILL'), wasReady: false, cause: 'boot-failed' }, 'boot-failed'],
    ['killed for its job', { raw: raw(null, 'SIGKILL'), cause: 'deadline' }, 'deadline'],
    ['killed for its silence', { raw: raw(null, 'SIGKILL'), cause: 'stuck' }, 'stuck'],
    [
      'killed for its job while draining',
      { raw: raw(null, 'SIGKILL'), cause: 'deadline', draining: 'stop' },
      'deadline',
    ],
    ['drained for a stop', { draining: 'stop' }, 'drained'],
    ['drained for a rolling restart', { draining: 'renew' }, 'drained'],
    ['drained as surplus', { draining: 'surplus' }, 'drained'],
    ['drained for recycling', { draining: 'recycle' }, 'recycled'],
    ['too slow to drain', { raw: raw(null, 'SIGKILL'), cause: 'drain-timeout', draining: 'stop' }, 'drained'],
    ['too slow to recycle', { raw: raw(null, 'SIGKILL'), cause: 'drain-timeout', draining: 'recycle' }, 'recycled'],
    ['killed at the end of a stop', { raw: raw(null, 'SIGKILL'), cause: 'stop' }, 'drained'],
    ['crashed while draining', { raw: raw(null, 'SIGSEGV'), draining: 'recycle' }, 'crashed'],
  ])('%s', (_, over, expected) => {
    expect(classifyExit({ ...evidence, ...over })).toBe(expected);
  });

  it('blames pictures for what they may have done, never for what the master did', () => {
    const classes: ExitClass[] = [
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
    expect(classes.filter(isBlamed)).toEqual(['crashed', 'killed', 'oom-suspected', 'deadline', 'stuck']);
    expect(classes.filter((exit) => !isAbnormal(exit))).toEqual(['clean', 'drained', 'recycled']);
  });
});

describe('obituary', () => {
  const end = {
    name: { role: 'worker' as const, slot: 3 },
    child: { pid: 77, generation: 12, socketPath: '', bornAtMs: 0 },
    exit: 'deadline' as const,
    raw: raw(null, 'SIGKILL'),
    cause: 'deadline' as const,
    draining: null,
    wasReady: true,
    beat: null,
    uptimeMs: 61_500,
    jobs: [
      { jobId: 'j1', requestId: 'r1', subject: subject('cat.jpg', 'blur'), pixels: 1, startedAtMs: 0, killAtMs: 1 },
    ],
  };

  it('says on one line who, how, after what life, and what it was doing', () => {
    expect(obituaryLine(end)).toBe(
      'worker 3 gen 12 pid 77: deadline (SIGKILL; killed by the master: deadline), after 61.5 s, while running photos/cat.jpg (blur, job j1)',
    );
  });

  it('says of an idle one that it was idle', () => {
    expect(obituaryLine({ ...end, exit: 'crashed', raw: raw(1), cause: null, jobs: [] })).toBe(
      'worker 3 gen 12 pid 77: crashed (code 1), after 61.5 s, idle',
    );
  });
});

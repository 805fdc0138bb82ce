import { describe, expect, it } from 'vitest';
import { LoadMeter } from '../../src/worker/load-meter.ts';
import { fakeClock } from '../helpers/fake-clock.ts';

function open() {
  const clock = fakeClock();
  const own = { cpuMs: 0, rssBytes: 100 };
  const meter = new LoadMeter(clock, { cpuMs: () => own.cpuMs, rssBytes: () => own.rssBytes });
  /** Time goes by, of which so much was spent on the CPU. */
  const pass = (wallMs: number, cpuMs: number) => {
    clock.advance(wallMs);
    own.cpuMs += cpuMs;
  };
  return { meter, pass, own };
}

describe('LoadMeter', () => {
  it('measures CPU time over wall time, window by window', () => {
    const { meter, pass } = open();
    pass(250, 100);
    meter.sample();
    expect(meter.share.cpuShare).toBeCloseTo(0.4);
    pass(250, 0);
    meter.sample();
    expect(meter.share.cpuShare).toBe(0);
  });

  it('explains by its own pictures what was burned while they ran', () => {
    const { meter, pass } = open();
    pass(100, 50);
    meter.pictureBegan();
    pass(100, 100);
    meter.pictureEnded();
    meter.sample();
    expect(meter.share).toEqual({ cpuShare: 0.75, cpuShareExplained: 0.5 });
  });

  it('counts a picture that outlasts a window in each of them', () => {
    const { meter, pass } = open();
    meter.pictureBegan();
    pass(100, 100);
    meter.sample();
    expect(meter.share).toEqual({ cpuShare: 1, cpuShareExplained: 1 });
    pass(100, 100);
    meter.pictureEnded();
    pass(100, 0);
    meter.sample();
    expect(meter.share).toEqual({ cpuShare: 0.5, cpuShareExplained: 0.5 });
  });

  it('never explains more than was burned', () => {
    const { meter, pass } = open();
    meter.pictureBegan();
    pass(100, 10);
    meter.sample();
    expect(meter.share).toEqual({ cpuShare: 0.1, cpuShareExplained: 0.1 });
  });

  it('reads its memory once for the several questions of a job, and again soon after', () => {
    const { meter, pass, own } = open();
    expect(meter.rssBytes).toBe(100);
    own.rssBytes = 200;
    expect([meter.rssBytes, meter.rssBesidesPicture]).toEqual([100, 100]);
    pass(50, 0);
    expect([meter.rssBytes, meter.rssBesidesPicture]).toEqual([200, 200]);
  });

  it('keeps the last shares when no time has passed', () => {
    const { meter, pass } = open();
    pass(100, 50);
    meter.sample();
    meter.sample();
    expect(meter.share.cpuShare).toBe(0.5);
  });

  it('tells the memory that a picture under way is not part of', () => {
    const { meter, pass, own } = open();
    meter.pictureBegan();
    own.rssBytes = 900;
    pass(50, 0);
    expect([meter.rssBytes, meter.rssBesidesPicture]).toEqual([900, 100]);
    meter.pictureEnded();
    expect(meter.rssBesidesPicture).toBe(900);
  });
});

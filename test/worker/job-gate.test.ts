import { describe, expect, it } from 'vitest';
import { type GateAnswer, JobGate } from '../../src/worker/job-gate.ts';
import { fakeClock } from '../helpers/fake-clock.ts';

const light = { predictedMs: 10, heavy: false, mayYield: true };
const heavy = { predictedMs: 1000, heavy: true, mayYield: true };
const never = new AbortController().signal;

/** Lets promises that are settled tell. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const granted = (answer: GateAnswer): Extract<GateAnswer, { state: 'granted' }> => {
  if (answer.state !== 'granted') throw new Error(`was ${answer.state}`);
  return answer;
};

describe('JobGate', () => {
  it('lets one job in at a time', async () => {
    const gate = new JobGate(fakeClock());
    const first = granted(await gate.acquire(light, never));
    let second: GateAnswer | undefined;
    void gate.acquire(light, never).then((answer) => {
      second = answer;
    });
    await settle();
    expect(second).toBeUndefined();
    first.release();
    await settle();
    expect(second?.state).toBe('granted');
  });

  it('takes the cheapest of those that wait', async () => {
    const gate = new JobGate(fakeClock());
    const order: number[] = [];
    const first = granted(await gate.acquire(light, never));
    const rest = [30, 5, 12].map((predictedMs) =>
      gate.acquire({ ...light, predictedMs }, never).then((answer) => {
        order.push(predictedMs);
        granted(answer).release();
      }),
    );
    first.release();
    await Promise.all(rest);
    expect(order).toEqual([5, 12, 30]);
  });

  it('lets an old expensive job in before a new cheap one', async () => {
    const clock = fakeClock();
    const gate = new JobGate(clock);
    const order: string[] = [];
    const first = granted(await gate.acquire(light, never));
    const enter = (name: string, predictedMs: number) =>
      gate.acquire({ ...light, predictedMs }, never).then((answer) => {
        order.push(name);
        granted(answer).release();
      });
    const old = enter('old', 200);
    clock.advance(300);
    const young = enter('young', 5);
    first.release();
    await Promise.all([old, young]);
    expect(order).toEqual(['old', 'young']);
  });

  it('sends a heavy job away whose turn comes while light ones wait', async () => {
    const clock = fakeClock();
    const gate = new JobGate(clock);
    const first = granted(await gate.acquire(light, never));
    const big = gate.acquire(heavy, never);
    clock.advance(5000);
    const small = gate.acquire(light, never);
    first.release();
    expect((await big).state).toBe('yielded');
    expect((await small).state).toBe('granted');
  });

  it('lets a heavy job begin when nobody light waits, or when it has to run here', async () => {
    const clock = fakeClock();
    const alone = new JobGate(clock);
    expect((await alone.acquire(heavy, never)).state).toBe('granted');

    const gate = new JobGate(clock);
    const first = granted(await gate.acquire(light, never));
    const big = gate.acquire({ ...heavy, mayYield: false }, never);
    clock.advance(5000);
    const small = gate.acquire(light, never);
    first.release();
    granted(await big).release();
    expect((await small).state).toBe('granted');
  });

  it('forgets a job that is aborted, and tells it why', async () => {
    const gate = new JobGate(fakeClock());
    const first = granted(await gate.acquire(light, never));
    const controller = new AbortController();
    const left = gate.acquire(light, controller.signal);
    controller.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(gate.waitingCount).toBe(0);
    first.release();
    expect((await gate.acquire(light, never)).state).toBe('granted');
  });

  it('takes no job whose signal is already aborted', async () => {
    const gate = new JobGate(fakeClock());
    await expect(gate.acquire(light, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
  });

  it('counts a release once', async () => {
    const gate = new JobGate(fakeClock());
    const first = granted(await gate.acquire(light, never));
    const waiting = [gate.acquire(light, never), gate.acquire(light, never)];
    first.release();
    first.release();
    await settle();
    expect(gate.waitingCount).toBe(1);
    granted(await (waiting[0] as Promise<GateAnswer>)).release();
    expect((await (waiting[1] as Promise<GateAnswer>)).state).toBe('granted');
  });

  it('tells how long a job waited', async () => {
    const clock = fakeClock();
    const gate = new JobGate(clock);
    const first = granted(await gate.acquire(light, never));
    const second = gate.acquire(light, never);
    clock.advance(40);
    first.release();
    expect((await second).waitMs).toBe(40);
  });

  it('once closed sends everybody away who may go, and lets the others run', async () => {
    const gate = new JobGate(fakeClock());
    const first = granted(await gate.acquire(light, never));
    const waits = gate.acquire(light, never);
    const stays = gate.acquire({ ...light, mayYield: false }, never);
    gate.close();
    expect((await waits).state).toBe('closed');
    expect((await gate.acquire(light, never)).state).toBe('closed');
    first.release();
    expect((await stays).state).toBe('granted');
  });
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MetricsPoll } from '../../src/master/metrics-poll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const asked: number[] = [];
  const ended: string[] = [];
  const poll = new MetricsPoll((generation) => asked.push(generation));
  const run = (name: string, generations: readonly number[]) => void poll.run(generations).then(() => ended.push(name));
  const settled = () => vi.advanceTimersByTimeAsync(0);
  return { poll, asked, ended, run, settled };
}

it('ends when everybody has told its metrics', async () => {
  const { poll, asked, ended, run, settled } = open();
  run('one', [3, 4]);
  expect(asked).toEqual([3, 4]);
  poll.heard(3);
  await settled();
  expect(ended).toEqual([]);
  poll.heard(4);
  await settled();
  expect(ended).toEqual(['one']);
});

it('does not wait longer than a quarter of a second for one that hangs', async () => {
  const { poll, ended, run } = open();
  run('one', [3, 4]);
  poll.heard(3);
  await vi.advanceTimersByTimeAsync(249);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual(['one']);
});

it('asks once for scrapes at the same time, and again afterwards', async () => {
  const { poll, asked, ended, run, settled } = open();
  run('one', [3]);
  run('two', [3]);
  poll.heard(3);
  await settled();
  expect(ended).toEqual(['one', 'two']);
  run('three', [3]);
  expect(asked).toEqual([3, 3]);
});

it('has nobody to wait for where nobody is ready', async () => {
  const { ended, run, settled } = open();
  run('one', []);
  await settled();
  expect(ended).toEqual(['one']);
});

import { setMaxListeners } from 'node:events';
import { connect, type Socket } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, jobsDoneOf, pidsOf } from '../../helpers/gauges.ts';
import { gate, type OriginRig, originOf, patientOptions, startRig } from '../origins/rig.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: OriginRig;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg(gradient(60, 40));
  rig = await startRig({
    origins: { far: {} },
    options: { ...patientOptions, queueWaitMsMax: 50_000, codelTargetMs: 50_000 },
  });
});

afterAll(async () => {
  await rig?.stop();
});

const inFlight = (count: number) =>
  rig.node.until(({ lbs }) => lbs.reduce((sum, lb) => sum + lb.requestsInFlight, 0) === count, 30_000);

/** Statuses in the log of the requests whose path begins so, once there are so many, in order. */
async function loggedStatuses(path: string, count: number): Promise<readonly unknown[]> {
  const lines = () => rig.node.lines().filter((line) => line.event === 'access' && String(line.path).startsWith(path));
  await rig.node.until(() => lines().length >= count, 30_000);
  return lines().map(({ status, code }) => (code === undefined ? status : `${status} ${code}`));
}

/** Asks, and hangs up when `leave` is called. */
function visitors(paths: readonly string[]): Readonly<{ leave: () => Promise<void> }> {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const visits = paths.map((path) => rig.node.get(path, { signal: abort.signal }).catch(() => null));
  return {
    leave: async () => {
      abort.abort();
      expect((await Promise.all(visits)).filter((reply) => reply !== null)).toEqual([]);
    },
  };
}

/** A connection that asks for all of these at once and reads nothing. */
function pipeliner(paths: readonly string[]): Socket {
  const socket = connect(rig.node.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  return socket;
}

const pathsOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const key = `${name}-${index}.jpg`;
    originOf(rig, 'far').on(key, held.route);
    return `/far/${key}/~w_20.webp`;
  });
/** The master hears first of a picture's start; until the lb has too, it takes the job for one that can be dropped. */
const lbHasHeardMs = 250;
let held = gate(Buffer.alloc(0));

describe('clients that leave', () => {
  it('take their jobs along: nothing is made for them, and the log says 499', async () => {
    held = gate(photo);
    const workers = pidsOf(await rig.node.stats());
    const before = jobsDoneOf(await calm(rig.node));
    const { leave } = visitors(pathsOf('leaving', 200));
    await inFlight(200);
    await leave();
    const after = await calm(rig.node);
    held.open();
    expect(jobsDoneOf(after)).toBe(before);
    expect(pidsOf(after)).toEqual(workers);
    expect(await loggedStatuses('/far/leaving-', 200)).toEqual(Array.from({ length: 200 }, () => '499 client_gone'));
    expect((await rig.node.get('/far/leaving-0.jpg/~w_20.webp')).status).toBe(200);
  });

  it('do not take along a job that others still wait for', async () => {
    held = gate(photo);
    const [path = ''] = pathsOf('shared', 1);
    const { leave } = visitors([path, path]);
    await inFlight(2);
    const stays = rig.node.get(path);
    await inFlight(3);
    await leave();
    await inFlight(1);
    held.open();
    expect((await stays).status).toBe(200);
    await calm(rig.node);
  });

  it('leave nothing behind when they had asked for many pictures over one connection', async () => {
    held = gate(photo);
    const socket = pipeliner(pathsOf('pipelined', 20));
    await inFlight(20);
    socket.destroy();
    await calm(rig.node);
    held.open();
    expect(await loggedStatuses('/far/pipelined-', 20)).toEqual(Array.from({ length: 20 }, () => '499 client_gone'));
    expect((await rig.node.get('/far/pipelined-3.jpg/~w_20.webp')).status).toBe(200);
  });

  it('in the middle of a picture do not stop it: it is kept for the next who asks', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const large = sharp({ create: { width: 3000, height: 2000, channels: 3, noise, background: 'black' } });
    rig.site.put('large.jpg', await large.jpeg().toBuffer());
    const before = jobsDoneOf(await calm(rig.node));
    const { leave } = visitors(['/photos/large.jpg/~w_2800.avif']);
    await rig.node.until(({ workers }) => workers.some(({ job }) => (job?.ageMs ?? 0) > lbHasHeardMs));
    await leave();
    expect(jobsDoneOf(await calm(rig.node))).toBe(before + 1);
    const next = await rig.node.get('/photos/large.jpg/~w_2800.avif');
    expect(next.status).toBe(200);
    expect(next.headers['server-timing']).not.toContain('process;');
    expect(jobsDoneOf(await calm(rig.node))).toBe(before + 1);
  });
});

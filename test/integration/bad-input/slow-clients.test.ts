import net from 'node:net';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { sendRaw } from '../../helpers/raw-client.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const patient = { timeout: 60_000 };
/** Far more than what sockets hold on both sides. */
const original = Buffer.alloc(40_000_000, 'not a picture, but long. ');

let site: Site;
let node: Pileus;
const sockets = new Set<net.Socket>();

beforeAll(async () => {
  site = makeSite({
    headersTimeoutMs: 400,
    writeTimeoutMs: 800,
    keepAliveTimeoutMs: 600,
    sourceBytesMax: '64MiB',
    pngCompression: 0,
  });
  site.put('good.jpg', await jpeg(quadrants(60, 40)));
  site.put('long.bin', original);
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const noisy = sharp({ create: { width: 2400, height: 2400, channels: 3, background: '#808080', noise } });
  site.put('noise.jpg', await noisy.jpeg({ quality: 60 }).toBuffer());
  node = await startPileus(site.args);
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** A connection whose end is known without reading from it. */
function connect(): net.Socket {
  const socket = net.connect({ port: node.port, host: '127.0.0.1' });
  socket.on('error', () => {});
  sockets.add(socket);
  return socket;
}

/** Asks for good pictures, one after the other, until `done`; gives the statuses. */
async function goodTraffic(done: Promise<unknown>): Promise<ReadonlySet<number>> {
  const statuses = new Set<number>();
  let isOver = false;
  void done.then(() => {
    isOver = true;
  });
  for (let width = 1; !isOver; width = (width % 500) + 1) {
    statuses.add((await node.get(`/photos/good.jpg/~w_${width},up_1.webp`)).status);
  }
  return statuses;
}

describe('clients that send too slowly', () => {
  it('are told and closed, byte by byte or silent, while good traffic goes on', patient, async () => {
    const trickling = Array.from({ length: 60 }, () => {
      const socket = connect();
      const text = `${get('/photos/good.jpg/~w_10.webp').slice(0, -2)}X-Slow: `;
      let sent = 0;
      const timer = setInterval(() => socket.write(text[sent++] ?? 'x'), 100);
      return new Promise<string>((resolve) => {
        let answer = '';
        socket.on('data', (chunk: Buffer) => {
          answer += chunk.toString();
        });
        socket.on('close', () => {
          clearInterval(timer);
          resolve(answer);
        });
      });
    });
    const silent = Array.from({ length: 20 }, () => sendRaw(node.port, ''));
    const all = Promise.all([Promise.all(trickling), Promise.all(silent)]);
    const statuses = await goodTraffic(all);
    const [answers, quiet] = await all;
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('"code":"request_timeout"');
    }
    expect(quiet.every(({ closed }) => closed)).toBe(true);
    expect(statuses).toEqual(new Set([200]));
  });

  it('are closed between two requests after keepAliveTimeoutMs', patient, async () => {
    const reply = await sendRaw(node.port, get('/-/health'));
    expect([reply.statuses[0], reply.closed]).toEqual([200, true]);
  });
});

describe('clients that read too slowly', () => {
  it('hold no worker and are cut off, and the others are served', patient, async () => {
    const closed = Array.from({ length: 6 }, (_, at) => {
      const socket = connect();
      socket.pause();
      socket.write(get(`/photos/noise.jpg/~w_${2300 + at}.png`));
      return new Promise<void>((resolve) => socket.on('close', () => resolve()));
    });
    const held = await node.until(
      ({ lbs, workers }) =>
        lbs.some(({ bufferedBytes }) => bufferedBytes > 0) && workers.some(({ jobsInside }) => jobsInside === 0),
      20_000,
    );
    expect(held.lbs[0]?.bufferedBytes).toBeGreaterThan(0);
    // A socket that is not read does not learn of its end; the node does.
    const left = () =>
      node.lines().filter(({ event, path }) => event === 'access' && String(path).includes('noise.jpg'));
    const cut = node.until(() => left().length === closed.length, 20_000);
    expect(await goodTraffic(cut)).toEqual(new Set([200]));
    for (const socket of sockets) socket.resume();
    await Promise.all(closed);
    expect(left().map(({ status }) => status)).toEqual([499, 499, 499, 499, 499, 499]);
    await calm(node);
  });

  it('are cut off in the middle of an original, too', patient, async () => {
    const socket = connect();
    socket.pause();
    socket.write(get('/photos/long.bin/~orig.bin'));
    const [line] = await node.awaitLines(
      ({ event, path }) => event === 'access' && path === '/photos/long.bin/~orig.bin',
      20_000,
    );
    expect([line?.status, line?.code]).toEqual([499, 'client_gone']);
    await calm(node);
  });

  it('get everything as long as they go on reading', patient, async () => {
    const socket = connect();
    let received = 0;
    const ended = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), received < 4_000_000 ? 20 : 0);
        if (received > original.length) resolve();
      });
      socket.on('close', () => resolve());
    });
    socket.write(get('/photos/long.bin/~orig.bin'));
    await ended;
    expect(received).toBeGreaterThan(original.length);
  });
});

describe('clients that leave', () => {
  it('in the middle of a pipeline leave nothing behind', patient, async () => {
    const socket = connect();
    socket.write([1, 2, 3, 4, 5].map((at) => get(`/photos/noise.jpg/~w_${2200 + at}.png`)).join(''));
    await node.until(({ lbs }) => lbs.some(({ requestsInFlight }) => requestsInFlight >= 5));
    socket.destroy();
    await calm(node, 20_000);
  });

  it('in the middle of a picture are no error, and 499 in the log', patient, async () => {
    const path = '/photos/noise.jpg/~w_2150.png';
    const socket = connect();
    socket.once('data', () => socket.destroy());
    socket.write(get(path));
    const [line] = await node.awaitLines((one) => one.event === 'access' && one.path === path, 20_000);
    expect([line?.status, line?.code]).toEqual([499, 'client_gone']);
  });

  it('in the middle of an original leave nothing behind, and no error', patient, async () => {
    const path = '/photos/long.bin/~orig.dat';
    const socket = connect();
    socket.once('data', () => socket.destroy());
    socket.write(get(path));
    const [line] = await node.awaitLines((one) => one.event === 'access' && one.path === path);
    expect(line?.status).toBe(499);
    await calm(node);
    expect(node.lines().filter(({ event }) => event === 'internal-error')).toEqual([]);
  });
});

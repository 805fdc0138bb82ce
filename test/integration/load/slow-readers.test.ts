import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';
import { noise } from './noise.ts';

vi.setConfig({ testTimeout: 60_000 });

const MiB = 1024 * 1024;
let site: Site;
let node: Pileus;
let large: Buffer;
let readers: Socket[] = [];

beforeAll(async () => {
  site = makeSite({
    lbBufferedBytesMax: 20 * MiB,
    resultBytesMax: 20 * MiB,
    writeTimeoutMs: 60_000,
    pngCompression: 0,
    softMs: 50_000,
    hardMs: 55_000,
    requestMs: 60_000,
  });
  // More than the kernel keeps of a connection that nobody reads.
  large = await noise(1700, 1600).png({ compressionLevel: 0 }).toBuffer();
  site.put('large.png', large);
  site.put('small.jpg', await jpeg(gradient(60, 40)));
  node = await startPileus(site.args, { PILEUS_HEARTBEAT_MS: '50' });
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

afterEach(async () => {
  for (const reader of readers) reader.destroy();
  readers = [];
  await calm(node);
});

/** Asks, takes the head of the answer, and reads no further. Gives the status. */
function askAndStop(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(node.port, '127.0.0.1');
    readers.push(socket);
    socket.on('error', reject);
    socket.once('data', (head) => {
      socket.pause();
      resolve(Number(head.subarray(9, 12).toString()));
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  });
}

const heldBytes = async (): Promise<number> =>
  (await node.stats()).lbs.reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0);

describe('clients that do not read', () => {
  const result = '/photos/large.png/~w_1699.png';

  it('hold bytes up to a bound; beyond it large answers are refused, small ones are not', async () => {
    expect((await node.get(result)).body.length).toBeGreaterThan(7 * MiB);
    expect([await askAndStop(result), await askAndStop(result)]).toEqual([200, 200]);
    await node.until(({ lbs }) => lbs.some(({ bufferedBytes }) => bufferedBytes > 14 * MiB));
    const third = await node.get(result);
    expect([third.status, third.headers['retry-after']]).toEqual([503, '1']);
    expect((await node.get('/photos/small.jpg/~w_20.webp')).status).toBe(200);
    expect(await heldBytes()).toBeLessThanOrEqual(20 * MiB);

    for (const reader of readers.splice(0)) reader.destroy();
    await calm(node);
    expect((await node.get(result)).status).toBe(200);
  });

  it('of originals hold up no picture, of that source either, and are refused beyond a bound', async () => {
    const original = '/photos/large.png/~orig.png';
    const statuses: number[] = [];
    for (let count = 0; count < 70; count++) statuses.push(await askAndStop(original));
    expect(statuses.filter((status) => status === 200)).toHaveLength(64);
    expect(statuses.filter((status) => status === 503)).toHaveLength(6);
    const refused = await node.get(original);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect((await node.get('/photos/large.png/~w_30.webp')).status).toBe(200);
    expect((await node.get('/photos/small.jpg/~w_30.webp')).status).toBe(200);

    for (const reader of readers.splice(0)) reader.destroy();
    await calm(node);
    expect((await node.get(original)).body.equals(large)).toBe(true);
  });
});

describe('a client that takes nothing for too long', () => {
  it('is cut off, and what it held is free', async () => {
    const strict = await startPileus(site.args, { PILEUS_HEARTBEAT_MS: '50', PILEUS_WRITE_TIMEOUT_MS: '500' });
    try {
      const socket = connect(strict.port, '127.0.0.1');
      readers.push(socket);
      socket.on('error', () => {});
      socket.once('data', () => socket.pause());
      socket.write('GET /photos/large.png/~w_1699.png HTTP/1.1\r\nHost: x\r\n\r\n');
      await strict.until(({ counters }) => (counters.requests ?? 0) > 0, 30_000);
      await calm(strict);
    } finally {
      await strict.stop();
    }
  });
});

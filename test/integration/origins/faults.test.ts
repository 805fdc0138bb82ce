import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ErrorCode, errorEntry } from '../../../src/shared/errors.ts';
import { gradient, jpeg, png } from '../../fixtures/pictures.ts';
import { calm, pidsOf } from '../../helpers/gauges.ts';
import { type OriginSimulator, type Route, routes, startOriginSimulator } from '../../helpers/origin-simulator.ts';
import { type BlackHole, startBlackHole } from './black-hole.ts';
import { type OriginRig, originOf, startRig } from './rig.ts';

vi.setConfig({ testTimeout: 60_000 });

const sourceBytesMax = 1024 * 1024;
/** Longer than a busy machine needs for an honest answer, and short enough to be waited for. */
const deadlines = { fetchConnectMs: 2000, fetchHeadersMs: 2000, fetchIdleMs: 2000, fetchTotalMs: 3000 };

let rig: OriginRig;
let canary: OriginSimulator;
let hole: BlackHole;
let picture: Buffer;
let photo: Buffer;
let workers: readonly number[];

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

beforeAll(async () => {
  picture = await png(gradient(60, 40));
  photo = await jpeg(gradient(60, 40));
  canary = await startOriginSimulator();
  hole = await startBlackHole();
  rig = await startRig({
    origins: { good: {}, bad: {} },
    bases: { closed: `http://127.0.0.1:${await closedPort()}/`, hole: hole.url },
    options: { sourceBytesMax, ...deadlines, missingFreshMs: 0 },
  });
  workers = pidsOf(await rig.node.stats());
});

afterAll(async () => {
  await rig?.stop();
  await hole?.close();
  await canary?.close();
});

/** A body that begins like a picture. */
const andThen = (head: Buffer, bytes: number): Buffer => Buffer.concat([head, Buffer.alloc(bytes)]);

const write = (head: string, body: Buffer): Route =>
  routes.raw(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body.toString('latin1')}`);

const chunk = (bytes: Buffer): string => `${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`;

type Fault = Readonly<{ name: string; route: () => Route; code: ErrorCode }>;

const faults: readonly Fault[] = [
  { name: 'never sends headers', route: () => routes.hangHeaders(), code: 'origin_timeout' },
  { name: 'stops in the middle of the body', route: () => routes.hangBody(1000, 5000), code: 'origin_timeout' },
  { name: 'drips a byte at a time', route: () => routes.trickle(200), code: 'origin_timeout' },
  {
    name: 'hangs up before any answer',
    route: () => routes.resetAtOnce(99, routes.status(200)),
    code: 'origin_failed',
  },
  { name: 'resets the connection in the body', route: () => routes.resetAfter(500, 5000), code: 'origin_truncated' },
  {
    name: 'announces more than it sends',
    route: () => (request) => {
      const head = `HTTP/1.1 200 OK\r\ncontent-length: ${photo.length + 10}\r\n\r\n`;
      request.socket.end(Buffer.concat([Buffer.from(head), photo]));
    },
    code: 'origin_truncated',
  },
  {
    name: 'announces less than the picture has',
    route: () => write(`content-length: ${picture.length - 20}`, picture),
    code: 'source_truncated',
  },
  { name: 'cuts a chunked body', route: () => routes.chunkCut(), code: 'origin_truncated' },
  {
    name: 'cuts a chunked body behind a whole picture',
    route: () => (request) => {
      const body = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk(photo)}`;
      request.socket.end(Buffer.from(body, 'latin1'));
    },
    code: 'origin_truncated',
  },
  { name: 'breaks the chunk grammar', route: () => routes.brokenChunk(), code: 'origin_failed' },
  { name: 'sends zeros without end', route: () => routes.endless(), code: 'not_an_image' },
  {
    name: 'sends a picture without end',
    route: () => (_request, response) => {
      response.writeHead(200).write(photo);
      const block = Buffer.alloc(64 * 1024);
      const pump = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    },
    code: 'source_too_large',
  },
  {
    name: 'announces ten gigabytes',
    route: () => routes.hangBody(1000, 10_000_000_000),
    code: 'source_too_large',
  },
  { name: 'sends no byte', route: () => routes.status(200), code: 'not_an_image' },
  {
    name: 'redirects to another port here',
    route: () => routes.redirect(`${canary.url}x.png`),
    code: 'origin_unreachable',
  },
  {
    name: 'redirects to the metadata service',
    route: () => routes.redirect('http://169.254.169.254/latest/meta-data/'),
    code: 'origin_unreachable',
  },
  { name: 'redirects to a file', route: () => routes.redirect('file:///etc/passwd'), code: 'origin_unreachable' },
  {
    name: 'redirects to a host with a password',
    route: () => routes.redirect(`http://a:b@${canary.host}/x.png`),
    code: 'origin_unreachable',
  },
  {
    name: 'redirects without a place',
    route: () => (_request, response) => void response.writeHead(302).end(),
    code: 'origin_failed',
  },
  {
    name: 'redirects in a circle',
    route: () => (request, response) => void response.writeHead(302, { location: request.url ?? '' }).end(),
    code: 'origin_failed',
  },
  { name: 'sends a gzip bomb of zeros', route: () => routes.gzipBomb(64 * 1024 * 1024), code: 'not_an_image' },
  {
    name: 'sends a picture inside a gzip bomb',
    route: () => routes.encoded('gzip', gzipSync(andThen(photo, 64 * 1024 * 1024))),
    code: 'source_too_large',
  },
  { name: 'cuts a gzip body', route: () => routes.gzipCut(photo), code: 'origin_truncated' },
  { name: 'says gzip and sends none', route: () => routes.encoded('gzip', photo), code: 'origin_failed' },
  { name: 'sends an encoding that was not asked for', route: () => routes.encoded('br', photo), code: 'origin_failed' },
  {
    name: 'sends a part where the whole was asked for',
    route: () => routes.partial('bytes 0-9/5000', 'x'.repeat(10)),
    code: 'origin_failed',
  },
  {
    name: 'calls HTML a JPEG',
    route: () => routes.status(200, { 'content-type': 'image/jpeg' }, '<!doctype html><p>It works'),
    code: 'not_an_image',
  },
  { name: 'says an error with a 200', route: () => routes.xmlError(), code: 'not_an_image' },
  ...[401, 403, 404, 410].map((status) => ({
    name: `answers ${status}`,
    route: () => routes.status(status),
    code: 'source_not_found' as const,
  })),
  ...[400, 500].map((status) => ({
    name: `answers ${status}`,
    route: () => routes.status(status),
    code: 'origin_failed' as const,
  })),
  ...[429, 503].map((status) => ({
    name: `answers ${status}`,
    route: () => routes.status(status),
    code: 'origin_busy' as const,
  })),
];

let asked = 0;

/** Asks the bad origin for one picture while the folder and the good origin are asked for others. */
async function expectUnharmed(path: string, code: ErrorCode): Promise<void> {
  const { node, site } = rig;
  asked += 1;
  const other = `other-${asked}.png`;
  site.put(other, picture);
  originOf(rig, 'good').put(other, picture);
  const [reply, file, remote] = await Promise.all([
    node.get(path),
    node.get(`/photos/${other}/~w_20.webp`),
    node.get(`/good/${other}/~w_20.webp`),
  ]);
  expect({ status: reply.status, ...(reply.json() as object) }).toMatchObject({
    status: errorEntry(code).status,
    code,
  });
  expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  expect([file.status, remote.status]).toEqual([200, 200]);
  // Nothing of the origin's place, of a stack or of our own folders gets out.
  expect(reply.body.toString()).not.toMatch(/127\.0\.0\.1|\/tmp|\.ts|\.js| at |node_modules/);
  expect(pidsOf(await calm(rig.node))).toEqual(workers);
}

describe('an origin that', () => {
  it.each(faults)('$name harms nobody but its own picture', async ({ name, route, code }) => {
    const key = `${name.replaceAll(' ', '-')}.jpg`;
    originOf(rig, 'bad').on(key, route());
    await expectUnharmed(`/bad/${key}/~w_20.webp`, code);
    expect(canary.connections()).toBe(0);
  });

  it('refuses connections is 502, and harms nobody else', () =>
    expectUnharmed('/closed/a.jpg/~w_20.webp', 'origin_unreachable'));

  it('lets connections hang is 504, and harms nobody else', () =>
    expectUnharmed('/hole/a.jpg/~w_20.webp', 'origin_timeout'));
});

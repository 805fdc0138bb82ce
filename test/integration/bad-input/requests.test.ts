import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { type RawOptions, type RawReply, sendRaw } from '../../helpers/raw-client.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const good = '/photos/good.jpg/~w_10.webp';

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite();
  site.put('good.jpg', await jpeg(quadrants(60, 40)));
  node = await startPileus(site.args);
  expect((await node.get(good)).status).toBe(200);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const send = (bytes: string | Buffer, options?: RawOptions): Promise<RawReply> => sendRaw(node.port, bytes, options);
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

/** Refused once, said as JSON, kept by nobody, and nothing more is read from this connection. */
function checkRefusedAndClosed(reply: RawReply, status: number): void {
  expect([reply.statuses, reply.closed]).toEqual([[status], true]);
  const head = reply.text.toLowerCase();
  expect(head).toContain('cache-control: no-store');
  expect(head).toContain('connection: close');
  const body = JSON.parse(reply.text.slice(reply.text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
  expect(body).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  expect(reply.text).not.toMatch(/node_modules|HPE_|Parse Error|at .*:\d+:\d+/);
}

describe('methods', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND'])('%s is 405', async (method) => {
    const reply = await node.get(good, { method });
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD']);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.json()).toMatchObject({ code: 'method_not_allowed', requestId: reply.headers['x-request-id'] });
  });

  it('a body that comes with a method is not read as the next request', async () => {
    const smuggled = get(good);
    const bytes = `POST ${good} HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`;
    checkRefusedAndClosed(await send(bytes), 405);
  });

  it('CONNECT is refused and closed', async () => {
    const reply = await send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');
    checkRefusedAndClosed(reply, 405);
  });

  it('a method that HTTP does not know is refused and closed', async () => {
    checkRefusedAndClosed(await send(`NONSENSE ${good} HTTP/1.1\r\nHost: a\r\n\r\n`), 400);
  });
});

describe('sizes', () => {
  it('a URL over urlBytesMax is 414, and the longest one is read', async () => {
    const long = `/photos/${'a/'.repeat(4200)}b.jpg/~w_10.webp`;
    const reply = await node.get(long);
    expect([reply.status, reply.json()]).toMatchObject([414, { code: 'uri_too_long' }]);
    expect(reply.headers['cache-control']).toBe('no-store');
    const longest = `/photos/${'a'.repeat(8192 - 19)}/~w_10.webp`;
    expect(longest.length).toBe(8192);
    expect((await node.get(longest)).json()).toMatchObject({ code: 'bad_key' });
  });

  it.each([
    ['a URL of 20 kB', get(`/photos/${'a'.repeat(20_000)}/~w_10.webp`)],
    ['a header of 20 kB', get(good, `X-Long: ${'a'.repeat(20_000)}\r\n`)],
    ['a name of 20 kB', get(good, `${'a'.repeat(20_000)}: x\r\n`)],
    ['many headers of 20 kB in all', get(good, `X-Some: ${'a'.repeat(1000)}\r\n`.repeat(20))],
  ])('%s is 431 and closed', async (_name, bytes) => {
    checkRefusedAndClosed(await send(bytes), 431);
  });

  it('500 headers are 431', async () => {
    const headers = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`x-${at}`, 'y']));
    const reply = await node.get(good, { headers });
    expect([reply.status, reply.json()]).toMatchObject([431, { code: 'headers_too_large' }]);
  });
});

describe('requests that mean two things', () => {
  const cl = (value: string) => `Content-Length: ${value}\r\n`;
  const te = (value: string) => `Transfer-Encoding: ${value}\r\n`;
  const second = get('/photos/good.jpg/~w_11.webp');

  it.each([
    ['two Hosts', get(good, 'Host: b\r\n')],
    ['no Host', `GET ${good} HTTP/1.1\r\n\r\n`],
    ['length and chunks', `${get(good, cl('5') + te('chunked'))}0\r\n\r\n${second}`],
    ['chunks and length', `${get(good, te('chunked') + cl('5'))}0\r\n\r\n${second}`],
    ['two lengths', `${get(good, cl('0') + cl('5'))}hello${second}`],
    ['a length that is no number', `${get(good, cl('x'))}${second}`],
    ['a negative length', `${get(good, cl('-5'))}${second}`],
    ['a body', `${get(good, cl('5'))}hello${second}`],
    ['a chunked body', `${get(good, te('chunked'))}5\r\nhello\r\n0\r\n\r\n${second}`],
    ['an unknown transfer coding', `${get(good, te('xchunked'))}${second}`],
    ['a folded header', get(good, 'X-Some: a\r\n b\r\n')],
    ['a space before the colon', get(good, `${cl('0').replace(':', ' :')}`)],
    ['a bare line feed', `GET ${good} HTTP/1.1\nHost: a\n\n`],
    ['a NUL in a header', get(good, 'X-Some: a\0b\r\n')],
    ['an Upgrade', get(good, 'Connection: Upgrade\r\nUpgrade: websocket\r\n')],
    [
      'an Upgrade to HTTP/2',
      get(good, 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'),
    ],
    ['the absolute form', `GET http://127.0.0.1${good} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['a path without a slash', 'GET photos/good.jpg/~w_10.webp HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an asterisk', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['another version', `GET ${good} HTTP/9.9\r\nHost: a\r\n\r\n`],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['nothing but noise', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 97 + 13) % 256))],
  ])('%s: one answer of 400, and the connection ends', async (_name, bytes) => {
    checkRefusedAndClosed(await send(bytes), 400);
  });

  it('a space in the path is not a second one', async () => {
    checkRefusedAndClosed(await send(`GET /photos/good.jpg /~w_10.webp HTTP/1.1\r\nHost: a\r\n\r\n`), 400);
  });

  it('headers of a proxy change nothing in the answer', async () => {
    const plain = await node.get(good);
    const spoofed = await node.get(good, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher', 'x-original-url': '/other' },
    });
    expect([spoofed.status, spoofed.headers.etag, spoofed.body]).toEqual([200, plain.headers.etag, plain.body]);
  });

  it('a trace or an Accept that is nonsense is as good as none', async () => {
    for (const headers of [
      { traceparent: 'nonsense' },
      { traceparent: '00-00000000000000000000000000000000-0000000000000000-01' },
      { accept: '\u00ff;;;q=,/' },
      { 'accept-encoding': 'x'.repeat(1000) },
      { 'if-none-match': '"'.repeat(999) },
    ])
      expect((await node.get('/photos/good.jpg/~w_10.auto', { headers })).status).toBe(200);
  });
});

describe('pipelines', () => {
  it('of good requests are answered in order', async () => {
    const sizes = [11, 12, 13, 14];
    const bytes = sizes.map((size) => get(`/photos/good.jpg/~explain,w_${size}.json`)).join('');
    const reply = await send(`${bytes}${get('/-/health', 'Connection: close\r\n')}`);
    expect([reply.statuses, reply.closed]).toEqual([[200, 200, 200, 200, 200], true]);
    const widths = [...reply.text.matchAll(/"result": \{\s*"width": (\d+)/g)].map(([, width]) => Number(width));
    expect(widths).toEqual(sizes);
  });

  it('are answered up to the first piece of garbage, which ends them', async () => {
    const reply = await send(`${get('/-/health')}${get('/-/health')}gar\0bage\r\n\r\n${get(good)}`);
    expect([reply.statuses, reply.closed]).toEqual([[200, 200, 400], true]);
  });

  it('give the refusal of garbage after the pictures that were asked for before it', async () => {
    const sizes = [21, 22, 23];
    const pictures = sizes.map((size) => get(`/photos/good.jpg/~w_${size},bl_9.webp`));
    const reply = await send(`${pictures.join('')}\0\0\0`);
    expect([reply.statuses, reply.closed]).toEqual([[200, 200, 200, 400], true]);
  });

  it('that end in the middle of a request end quietly', async () => {
    const reply = await send(`${get('/-/health')}GET /photos/go`, { end: true });
    expect([reply.statuses[0], reply.closed]).toEqual([200, true]);
  });
});

describe('connections that break off', () => {
  const requestLines = () => node.lines().filter(({ event }) => event === 'access').length;

  it('before anything was asked are nobody’s request', async () => {
    await send(get('/-/health'));
    await calm(node);
    const before = requestLines();
    for (let knock = 0; knock < 10; knock++) {
      const socket = connect(node.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.resetAndDestroy();
    }
    await send(get('/-/health'));
    await node.until(() => requestLines() > before);
    expect(requestLines()).toBe(before + 1);
  });
});

describe('what all of it leaves behind', () => {
  it('nothing: no worker died of it, and the node serves on', async () => {
    await calm(node);
    expect(node.lines().filter(({ event }) => event === 'internal-error' || event === 'child-exited')).toEqual([]);
    expect((await node.get('/photos/good.jpg/~w_33.webp')).status).toBe(200);
  });
});

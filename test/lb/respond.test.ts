import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  type AnswerContext,
  sendCanonical,
  sendError,
  sendNotModified,
  sendPicture,
  sendPlain,
  writeOriginalHead,
} from '../../src/lb/respond.ts';
import { errorTable, PileusError } from '../../src/shared/errors.ts';
import { namespace } from '../master/test-config.ts';

type Sent = { status: number; headers: Record<string, string | number>; body: Buffer | string | undefined };

function responseOf(): { res: ServerResponse; sent: Sent } {
  const sent: Sent = { status: 0, headers: {}, body: undefined };
  const res = {
    writeHead: (status: number, headers: Sent['headers']) => Object.assign(sent, { status, headers }),
    end: (body?: Buffer | string) => {
      sent.body = body;
    },
  } as unknown as ServerResponse;
  return { res, sent };
}

const contextOf = (over: Partial<AnswerContext> = {}): AnswerContext => ({
  requestId: 'id',
  head: false,
  namespace,
  origin: undefined,
  answer: null,
  negotiated: false,
  told: {},
  isFallback: false,
  contentLocation: null,
  expiresInS: null,
  timings: { total: 1.24 },
  closing: false,
  ...over,
});
const picture = {
  status: 200,
  bytes: Buffer.from('picture'),
  contentType: 'image/webp',
  etag: '"made"',
  noStore: false,
  disposition: null,
};
const send = (over: Partial<AnswerContext> = {}, answer: Partial<typeof picture> = {}): Sent => {
  const { res, sent } = responseOf();
  sendPicture(res, contextOf(over), { ...picture, ...answer });
  return sent;
};
const sendFailure = (error: PileusError, over: Partial<AnswerContext> = {}): Sent => {
  const { res, sent } = responseOf();
  sendError(res, contextOf(over), error);
  return sent;
};

describe('a picture', () => {
  it('is sent with exactly what belongs to it', () => {
    expect(send()).toEqual({
      status: 200,
      headers: {
        'content-type': 'image/webp',
        'content-length': 7,
        etag: '"made"',
        'cache-control': 'public, max-age=60',
        'x-request-id': 'id',
        'x-content-type-options': 'nosniff',
        'server-timing': 'total;dur=1.2',
      },
      body: picture.bytes,
    });
  });

  it('has no body for HEAD, and the same head', () => {
    const { headers, body } = send({ head: true });
    expect([headers, body]).toEqual([send().headers, undefined]);
  });

  it('is kept by nobody where it is an explanation', () => {
    expect(send({}, { noStore: true }).headers['cache-control']).toBe('no-store');
  });

  it('is kept no longer than its URL holds', () => {
    expect(send({ expiresInS: 20 }).headers['cache-control']).toBe('public, max-age=20');
    expect(send({ expiresInS: 3600 }).headers['cache-control']).toBe('public, max-age=60');
  });

  it('says its place where it was spelled otherwise', () => {
    expect(send({ contentLocation: '/p' }).headers['content-location']).toBe('/p');
  });

  it('varies by what had a say', () => {
    const cors = { origins: ['https://a.example'], maxAgeS: 60 };
    const listed = { ...namespace, cors };
    expect(send().headers.vary).toBeUndefined();
    expect(send({ negotiated: true }).headers.vary).toBe('Accept');
    expect(send({ namespace: listed, origin: 'https://a.example' }).headers.vary).toBe('Origin');
    const both = send({ namespace: listed, origin: 'https://a.example', negotiated: true }).headers;
    expect([both.vary, both['access-control-allow-origin']]).toEqual(['Accept, Origin', 'https://a.example']);
    expect(
      send({ namespace: listed, origin: 'https://b.example' }).headers['access-control-allow-origin'],
    ).toBeUndefined();
  });

  it('closes its connection while the node drains', () => {
    expect(send({ closing: true }).headers.connection).toBe('close');
    expect(send().headers.connection).toBeUndefined();
  });

  it('tells its phases in order', () => {
    const { headers } = send({ timings: { queue: 1, fetch: 2.06, total: 30 } });
    expect(headers['server-timing']).toBe('queue;dur=1.0, fetch;dur=2.1, total;dur=30.0');
  });
});

describe('what is no picture', () => {
  it('is a 304 with the ETag and how long it may be kept', () => {
    const { res, sent } = responseOf();
    sendNotModified(res, contextOf({ negotiated: true, contentLocation: '/p' }), '"made"');
    expect(sent).toMatchObject({
      status: 304,
      headers: { etag: '"made"', 'cache-control': 'public, max-age=60', vary: 'Accept', 'content-location': '/p' },
      body: undefined,
    });
    expect(sent.headers['content-length']).toBeUndefined();
  });

  it('is a 308 to the canonical place', () => {
    const { res, sent } = responseOf();
    sendCanonical(res, contextOf({ contentLocation: '/p' }), '/p');
    expect(sent).toMatchObject({ status: 308, headers: { location: '/p', 'content-length': 0 } });
    expect(sent.headers['content-location']).toBeUndefined();
  });

  it('is the head of an original as the worker gave it', () => {
    const { res, sent } = responseOf();
    writeOriginalHead(res, contextOf(), 206, { 'content-type': 'image/png', 'content-range': 'bytes 0-1/9' });
    expect(sent).toMatchObject({
      status: 206,
      headers: { 'content-type': 'image/png', 'content-range': 'bytes 0-1/9', 'cache-control': 'public, max-age=60' },
    });
  });

  it('is a plain answer that nobody keeps', () => {
    const { res, sent } = responseOf();
    sendPlain(res, contextOf(), 200, { 'content-type': 'text/plain' }, 'ok\n');
    expect(sent).toMatchObject({ headers: { 'content-length': 3, 'cache-control': 'no-store' }, body: 'ok\n' });
  });
});

describe('an error', () => {
  it('is JSON: code, sentence, detail, request', () => {
    const { status, headers, body } = sendFailure(new PileusError('bad_value', { detail: 'w: 0, expected 1 to 9.' }));
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['content-length']).toBe((body as Buffer).length);
    expect(JSON.parse(String(body))).toEqual({
      code: 'bad_value',
      message: errorTable.bad_value.message,
      detail: 'w: 0, expected 1 to 9.',
      requestId: 'id',
    });
  });

  it('never tells its cause', () => {
    const error = new PileusError('internal', { cause: new Error('/srv/secret') });
    expect(String(sendFailure(error).body)).not.toContain('secret');
  });

  it('may be kept as long as its entry says', () => {
    const kept = (code: keyof typeof errorTable) => sendFailure(new PileusError(code)).headers['cache-control'];
    expect(kept('source_not_found')).toBe('public, max-age=0, s-maxage=10');
    for (const code of ['source_too_large', 'not_an_image', 'undecodable'] as const)
      expect(kept(code)).toBe('public, max-age=300');
    for (const code of [
      'quarantined',
      'overloaded',
      'signature_invalid',
      'origin_failed',
      'internal',
      'bad_url',
    ] as const)
      expect(kept(code)).toBe('no-store');
  });

  it('with 503 always says when to come again, and what the origin said is handed on', () => {
    for (const [code, entry] of Object.entries(errorTable)) {
      const retryAfter = sendFailure(new PileusError(code as keyof typeof errorTable)).headers['retry-after'];
      expect([code, retryAfter]).toEqual([code, entry.status === 503 ? 1 : undefined]);
    }
    expect(sendFailure(new PileusError('overloaded', { retryAfterS: 7 })).headers['retry-after']).toBe(7);
    expect(sendFailure(new PileusError('origin_failed', { retryAfterS: 9 })).headers['retry-after']).toBe(9);
  });

  it('of a method names those that are answered', () => {
    expect(sendFailure(new PileusError('method_not_allowed')).headers.allow).toBe('GET, HEAD');
  });

  it('has no body for HEAD', () => {
    expect(sendFailure(new PileusError('bad_url'), { head: true }).body).toBeUndefined();
  });

  it('is said before a namespace is known, too', () => {
    expect(sendFailure(new PileusError('not_found'), { namespace: null }).status).toBe(404);
  });
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { accessLine } from '../../src/lb/access-line.ts';
import { parseTrustedProxies } from '../../src/lb/client-address.ts';
import { Exchange } from '../../src/lb/exchange.ts';
import { reportOf } from './kit.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function exchangeOf(headers: Record<string, string> = {}, trace: string | null = null): Exchange {
  const req = { method: 'GET', url: '/photos/a.jpg/~w_20.webp', headers, socket: { remoteAddress: '10.0.0.1' } };
  return new Exchange(req as unknown as IncomingMessage, {} as ServerResponse, 'id', trace, 0);
}

describe('the access line', () => {
  it('of a hit says who, what and how it ended, and nothing that means nothing', () => {
    const exchange = exchangeOf();
    exchange.from = 'memory';
    exchange.bodyBytes = 1234;
    expect(accessLine(exchange, 200, 0.4567, [])).toEqual({
      event: 'access',
      requestId: 'id',
      method: 'GET',
      path: '/photos/a.jpg/~w_20.webp',
      status: 200,
      from: 'memory',
      client: '10.0.0.1',
      outBytes: 1234,
      totalMs: 0.5,
    });
  });

  it('of a job says the milliseconds of each phase and what went in', () => {
    const exchange = exchangeOf({}, traceparent);
    exchange.from = 'made';
    exchange.report = reportOf({ phases: { fetchMs: 1.26, waitMs: 2, processMs: 30.04 }, sourceHit: true });
    exchange.queueMs = 3.33;
    exchange.worker = 1;
    expect(accessLine(exchange, 200, 40, [])).toMatchObject({
      worker: 1,
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      queueMs: 3.3,
      fetchMs: 1.3,
      waitMs: 2,
      processMs: 30,
      sourceHit: true,
      inBytes: 100_000,
      inPixels: 120_000,
      inFormat: 'jpeg',
    });
  });

  it('of an error says its code', () => {
    const exchange = exchangeOf();
    exchange.code = 'origin_timeout';
    expect(accessLine(exchange, 504, 3000, [])).toMatchObject({ status: 504, from: 'error', code: 'origin_timeout' });
  });

  it('believes X-Forwarded-For of trusted proxies alone', () => {
    const exchange = exchangeOf({ 'x-forwarded-for': '192.0.2.7' });
    expect(accessLine(exchange, 200, 1, []).client).toBe('10.0.0.1');
    expect(accessLine(exchange, 200, 1, parseTrustedProxies(['10.0.0.0/8'])).client).toBe('192.0.2.7');
  });
});

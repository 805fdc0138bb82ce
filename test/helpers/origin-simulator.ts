import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/**
 * An HTTP origin on 127.0.0.1 that does exactly as told: it serves what was put, and behaves as badly as the route
 * that was set says. It remembers what it was asked.
 */
export type OriginSimulator = Readonly<{
  /** `http://127.0.0.1:<port>/` */
  url: string;
  host: string;
  requests: readonly SeenRequest[];
  /** Connections accepted so far. */
  connections: () => number;
  /** Serves `bytes` at `path`, with Range, If-None-Match and HEAD. */
  put: (path: string, bytes: Buffer, headers?: Readonly<Record<string, string>>) => void;
  remove: (path: string) => void;
  /** Answers `path` (without the leading slash) with `route`, whatever the method. */
  on: (path: string, route: Route) => void;
  close: () => Promise<void>;
}>;

export type SeenRequest = Readonly<{ method: string; url: string; headers: IncomingMessage['headers'] }>;
export type Route = (request: IncomingMessage, response: ServerResponse) => void;

export async function startOriginSimulator(): Promise<OriginSimulator> {
  const routes = new Map<string, Route>();
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    const route = routes.get(decodeURIComponent((request.url ?? '/').slice(1)));
    if (route) route(request, response);
    else statusRoute(404)(request, response);
  });
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    host,
    requests,
    connections: () => accepted,
    put: (path, bytes, headers = {}) => routes.set(path, object(bytes, headers)),
    remove: (path) => routes.delete(path),
    on: (path, route) => routes.set(path, route),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A well-behaved object. */
const object =
  (bytes: Buffer, headers: Readonly<Record<string, string>>): Route =>
  (request, response) => {
    if (headers.etag !== undefined && request.headers['if-none-match'] === headers.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const first = range ? Number(range[1]) : 0;
    const last = range ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1;
    if (first >= bytes.length && range) {
      response.writeHead(416).end();
      return;
    }
    const body = bytes.subarray(first, last + 1);
    const contentRange = range ? { 'content-range': `bytes ${first}-${last}/${bytes.length}` } : {};
    response.writeHead(range ? 206 : 200, { 'content-length': body.length, ...contentRange, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

const statusRoute =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Route =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** Writes to the socket as it is, past the http module's honesty. */
const raw =
  (text: string, after: (socket: Socket) => void = () => {}): Route =>
  (request) => {
    request.socket.write(text, 'latin1', () => after(request.socket));
  };

const hangUp = (socket: Socket): void => {
  socket.end();
};
const resetConnection = (socket: Socket): void => {
  socket.resetAndDestroy();
};

/** The ways in which origins misbehave. */
export const routes = {
  status: statusRoute,
  raw,
  hangHeaders: (): Route => () => {},
  /** Sends `bytes` of a longer body, then nothing. */
  hangBody:
    (bytes: number, announced: number): Route =>
    (_request, response) => {
      response.writeHead(200, { 'content-length': announced }).write(Buffer.alloc(bytes));
    },
  /** One byte every `everyMs`, for ever. */
  trickle:
    (everyMs: number): Route =>
    (request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), everyMs);
      request.socket.on('close', () => clearInterval(timer));
    },
  /** Chunked, as fast as it is read, without end. */
  endless: (): Route => (_request, response) => {
    response.writeHead(200);
    const block = Buffer.alloc(64 * 1024);
    const pump = (): void => {
      while (!response.destroyed && response.write(block));
      if (!response.destroyed) response.once('drain', pump);
    };
    pump();
  },
  /** Announces more than it sends, then hangs up. */
  shortLength: (sent: number, announced: number): Route =>
    raw(`HTTP/1.1 200 OK\r\ncontent-length: ${announced}\r\n\r\n${'x'.repeat(sent)}`, hangUp),
  /** Sends more than it announces. */
  longBody: (announced: number, sent: number): Route =>
    raw(`HTTP/1.1 200 OK\r\ncontent-length: ${announced}\r\n\r\n${'x'.repeat(sent)}`),
  /** A chunked body without its last chunk. */
  chunkCut: (): Route => raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n', hangUp),
  brokenChunk: (): Route => raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n'),
  /** Resets the connection before any byte, the first `times` times; then goes on with `then`. */
  resetAtOnce: (times: number, then: Route): Route => {
    let left = times;
    return (request, response) => {
      if (left-- > 0) resetConnection(request.socket);
      else then(request, response);
    };
  },
  /** Resets after `sent` bytes of a longer body have gone out. */
  resetAfter: (sent: number, announced: number): Route =>
    raw(`HTTP/1.1 200 OK\r\ncontent-length: ${announced}\r\n\r\n${'x'.repeat(sent)}`, (socket) =>
      setImmediate(resetConnection, socket),
    ),
  redirect: (location: string, status = 302): Route => statusRoute(status, { location }),
  gzip: (bytes: Buffer): Route => encoded('gzip', gzipSync(bytes)),
  encoded: (encoding: string, bytes: Buffer): Route => encoded(encoding, bytes),
  /** Few bytes that inflate to very many. */
  gzipBomb: (bytes: number): Route => encoded('gzip', gzipSync(Buffer.alloc(bytes))),
  gzipCut: (bytes: Buffer): Route => encoded('gzip', gzipSync(bytes).subarray(0, -12)),
  partial: (contentRange: string | null, body: string): Route =>
    statusRoute(206, contentRange === null ? {} : { 'content-range': contentRange }, body),
  /** What S3 may say with a 200. */
  xmlError: (): Route =>
    statusRoute(200, { 'content-type': 'application/xml' }, '<Error><Code>InternalError</Code></Error>'),
} as const;

function encoded(encoding: string, body: Buffer): Route {
  return (_request, response) => {
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': body.length }).end(body);
  };
}

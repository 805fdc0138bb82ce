import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Options } from '../config/config.ts';
import { type ErrorCode, errorEntry } from '../shared/errors.ts';

/** Counts and logs a refusal for which there is no request; gives its id. */
export type OnRefused = (code: ErrorCode, socket: Socket) => string;

type Refusal = Readonly<{ code: ErrorCode; requestId: string }>;

/**
 * The public listener: node's parser with every limit named. A connection that sends its headers too slowly, too many
 * of them, or something that is not HTTP gets one line of JSON and is closed; it costs no worker anything.
 */
export function openPublicServer(
  options: Options,
  onRequest: (req: IncomingMessage, res: ServerResponse) => void,
  onRefused: OnRefused,
): Server {
  const refusals = new Refusals(onRefused);
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    refusals.owe(req.socket, res);
    onRequest(req, res);
  };
  const server = createServer(
    {
      maxHeaderSize: options.headerBytesMax,
      headersTimeout: options.headersTimeoutMs,
      // A request has no body, so it is complete with its headers.
      requestTimeout: options.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, options.headersTimeoutMs),
      keepAliveTimeout: options.keepAliveTimeoutMs,
      // The front door does it, and answers like every other refusal.
      requireHostHeader: false,
      noDelay: true,
    },
    answer,
  );
  server.maxHeadersCount = options.headersMax + 1;
  server.maxConnections = options.connectionsMax;
  server.maxRequestsPerSocket = options.requestsPerSocketMax;
  // With `Expect: 100-continue` a client offers a body; it is refused like any other body.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  server.on('upgrade', (_req, socket: Socket) => refusals.refuse(socket, 'bad_request'));
  server.on('connect', (_req, socket: Socket) => refusals.refuse(socket, 'method_not_allowed'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = codeOf(error);
    // A connection that broke is nobody's request: a client that left, or a balancer that only knocked.
    if (code === null) socket.destroy();
    else refusals.refuse(socket, code);
  });
  return server;
}

/** What a connection is refused for; null where it broke by itself. */
const codeOf = (error: NodeJS.ErrnoException): ErrorCode | null => {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    default:
      return error.code?.startsWith('HPE_') ? 'bad_request' : null;
  }
};

/**
 * Answers on bare sockets, where there is no request to answer to. Each connection is refused once, after the
 * responses that it still owes: an answer that overtook them, or followed one that ended the connection, would be
 * taken for the answer to another request.
 */
class Refusals {
  readonly #onRefused: OnRefused;
  readonly #owed = new WeakMap<Socket, number>();
  readonly #refused = new WeakMap<Socket, Refusal>();

  constructor(onRefused: OnRefused) {
    this.#onRefused = onRefused;
  }

  owe(socket: Socket, res: ServerResponse): void {
    this.#owed.set(socket, (this.#owed.get(socket) ?? 0) + 1);
    res.once('close', () => {
      const left = (this.#owed.get(socket) ?? 1) - 1;
      this.#owed.set(socket, left);
      const refusal = this.#refused.get(socket);
      if (left === 0 && refusal !== undefined) endWith(socket, refusal);
    });
  }

  refuse(socket: Socket, code: ErrorCode): void {
    if (this.#refused.has(socket)) return;
    const refusal = { code, requestId: this.#onRefused(code, socket) };
    this.#refused.set(socket, refusal);
    if ((this.#owed.get(socket) ?? 0) === 0) endWith(socket, refusal);
  }
}

function endWith(socket: Socket, { code, requestId }: Refusal): void {
  if (!socket.writable) {
    // An answer has ended the connection; what is left of it goes out first.
    socket.destroySoon();
    return;
  }
  const { status, message } = errorEntry(code);
  const body = `${JSON.stringify({ code, message, requestId })}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `${code === 'method_not_allowed' ? 'Allow: GET, HEAD\r\n' : ''}X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

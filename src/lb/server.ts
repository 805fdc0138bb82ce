import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Options } from '../config/config.ts';
import { type ErrorCode, errorEntry } from '../shared/errors.ts';

/**
 * The public listener: node's parser with every limit named. A connection that sends its headers too slowly, too many
 * of them, or something that is not HTTP gets one line of JSON and is closed; it costs no worker anything.
 */
export function openPublicServer(
  options: Options,
  onRequest: (req: IncomingMessage, res: ServerResponse) => void,
  onRefused: (code: ErrorCode) => void,
): Server {
  const server = createServer(
    {
      maxHeaderSize: options.headerBytesMax,
      headersTimeout: options.headersTimeoutMs,
      // A request has no body, so it is complete with its headers.
      requestTimeout: options.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, options.headersTimeoutMs),
      keepAliveTimeout: options.keepAliveTimeoutMs,
      requireHostHeader: true,
      noDelay: true,
    },
    onRequest,
  );
  server.maxHeadersCount = options.headersMax + 1;
  server.maxConnections = options.connectionsMax;
  server.maxRequestsPerSocket = options.requestsPerSocketMax;
  // With `Expect: 100-continue` a client offers a body; it is refused like any other body.
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('upgrade', (_req, socket: Socket) => refuse(socket, 'bad_request', onRefused));
  server.on('connect', (_req, socket: Socket) => refuse(socket, 'method_not_allowed', onRefused));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(socket, codeOf(error), onRefused));
  return server;
}

const codeOf = (error: NodeJS.ErrnoException): ErrorCode => {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    default:
      return 'bad_request';
  }
};

/** Answers on the bare socket, where there is no request to answer to, and closes it. */
function refuse(socket: Socket, code: ErrorCode, onRefused: (code: ErrorCode) => void): void {
  onRefused(code);
  if (!socket.writable || socket.destroyed) {
    socket.destroy();
    return;
  }
  const { status, message } = errorEntry(code);
  const body = `${JSON.stringify({ code, message })}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

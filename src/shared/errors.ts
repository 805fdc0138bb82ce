/**
 * Every error that pileus can answer with, in one table.
 *
 * An error has a code (stable, for machines), an HTTP status, a public sentence (for people; it never
 * names a path, an upstream or a stack), how long it may be cached, whether another try can help, and whose
 * fault it is. `docs/errors.md` is generated from this table. Guards compare `code`, never `instanceof`:
 * errors cross processes as data (`toWire`, `fromWire`).
 */

/** Who has to act: the one who asked, the place the original lives, a worker, or this node's front. */
export type ErrorSource = 'client' | 'origin' | 'worker' | 'lb';

/** How long the answer may be kept: not at all, briefly (404), or for a source version (413, 415, 422). */
export type ErrorCaching = 'no-store' | 'missing' | 'by-version';

type ErrorEntry = Readonly<{
  status: number;
  message: string;
  caching: ErrorCaching;
  /** May the same request succeed on another attempt soon? */
  retryable: boolean;
  source: ErrorSource;
  /** For docs/errors.md: when it happens and what to do. */
  doc: string;
}>;

const entry = (
  status: number,
  source: ErrorSource,
  message: string,
  doc: string,
  extra: Partial<Pick<ErrorEntry, 'caching' | 'retryable'>> = {},
): ErrorEntry => ({ status, source, message, doc, caching: 'no-store', retryable: false, ...extra });

export const errorTable = {
  // 400: the request itself
  bad_url: entry(
    400,
    'client',
    'The URL is not well formed.',
    'The path does not follow any grammar that is mounted here. See docs/url.md.',
  ),
  bad_key: entry(
    400,
    'client',
    'The key of the source is not well formed.',
    'Empty, `.` or `..` segments, NUL, a backslash, invalid percent-encoding or UTF-8, or longer than 1,024 bytes.',
  ),
  bad_operation: entry(
    400,
    'client',
    'The URL names an operation that does not exist or stands twice.',
    'The token before `_` is unknown, or the same operation is given twice.',
  ),
  bad_value: entry(
    400,
    'client',
    'An operation has a value outside its range.',
    'The detail names the operation, the value and the range.',
  ),
  bad_combination: entry(
    400,
    'client',
    'These operations cannot be combined.',
    'For example `w_` with `l_`, or two kinds of size.',
  ),
  bad_request: entry(
    400,
    'client',
    'The request is not acceptable.',
    'A body on GET, two Host headers, an Upgrade, or a request line that is not a plain path.',
  ),
  // 403: policy
  signature_missing: entry(
    403,
    'client',
    'This URL has to be signed.',
    'The namespace has keys, and the plan is neither a preset nor inside the ladder.',
  ),
  signature_invalid: entry(
    403,
    'client',
    'The signature does not fit this URL.',
    'Wrong key, another URL, or a key id that is not live.',
  ),
  signature_expired: entry(403, 'client', 'This URL has expired.', 'The time in `e_` has passed.'),
  not_allowed: entry(
    403,
    'client',
    'The namespace does not allow this.',
    'A preset, override or view that the configuration does not grant.',
  ),
  original_protected: entry(403, 'client', 'Originals of this namespace are not served.', '`protectOriginals` is on.'),
  // 404, 405
  not_found: entry(
    404,
    'client',
    'There is nothing here.',
    'No grammar mounted here claims the path, or the namespace does not exist.',
  ),
  source_not_found: entry(
    404,
    'origin',
    'The source does not exist.',
    'The origin says 404, 410, 401 or 403, or the file is missing, not a regular file or outside the root.',
    { caching: 'missing' },
  ),
  preset_not_found: entry(
    404,
    'client',
    'The preset does not exist.',
    'No preset of that name is configured for the namespace.',
    { caching: 'missing' },
  ),
  method_not_allowed: entry(
    405,
    'client',
    'Only GET and HEAD are answered.',
    'OPTIONS is answered where the namespace has CORS.',
  ),
  // 408, 413, 414, 416, 431: sizes of the request and the source
  request_timeout: entry(
    408,
    'client',
    'The request took too long to arrive.',
    'Headers were not complete within `headersTimeoutMs`.',
  ),
  source_too_large: entry(
    413,
    'origin',
    'The source has too many bytes.',
    'Over `sourceBytesMax`, or an SVG over `svgBytesMax`.',
    {
      caching: 'by-version',
    },
  ),
  source_too_many_pixels: entry(
    413,
    'origin',
    'The source has too many pixels.',
    'Over `sourcePixelsMax`, or `sourceWholePixelsMax` for a codec that decodes the whole picture at once and for pages that are put together.',
    { caching: 'by-version' },
  ),
  source_too_many_frames: entry(
    413,
    'origin',
    'The source has too many frames.',
    'Over `framesMax`, or frames times pixels over `sourcePixelsMax`.',
    { caching: 'by-version' },
  ),
  result_too_large: entry(
    413,
    'client',
    'The result would be too large.',
    'Over `resultPixelsMax`, `resultSideMax` or `resultBytesMax`, or a size that the output format cannot hold.',
    { caching: 'by-version' },
  ),
  uri_too_long: entry(414, 'client', 'The URL is too long.', 'Over `urlBytesMax`.'),
  range_not_satisfiable: entry(
    416,
    'client',
    'The range lies outside the original.',
    'Only originals (`~orig`) answer ranges.',
  ),
  headers_too_large: entry(
    431,
    'client',
    'The request headers are too large.',
    'Over `headerBytesMax`, or more than `headersMax` of them.',
  ),
  // 415, 422: the picture
  not_an_image: entry(415, 'origin', 'The source is not an image.', 'The first bytes belong to no picture format.', {
    caching: 'by-version',
  }),
  unsupported_format: entry(
    415,
    'origin',
    'The format of the source is not supported.',
    'A picture, but of a format or codec that this build cannot decode (HEIC, JPEG XL, AVIF sequence, SVG where it is off).',
    { caching: 'by-version' },
  ),
  undecodable: entry(422, 'origin', 'The source cannot be decoded.', 'The header is readable, the pixels are not.', {
    caching: 'by-version',
  }),
  source_truncated: entry(
    422,
    'origin',
    'The source ends too early.',
    'A stored picture is cut short. `truncated: ok` in the namespace accepts still pictures that decode in part.',
    { caching: 'by-version' },
  ),
  source_mismatch: entry(
    422,
    'origin',
    'The source is not the one that was meant.',
    'Its hash is another than the URL says.',
    { caching: 'by-version' },
  ),
  enlarge_refused: entry(
    422,
    'client',
    'The source is smaller than the size asked for.',
    'The plan refuses to enlarge.',
    { caching: 'by-version' },
  ),
  operation_unsupported: entry(
    422,
    'client',
    'This operation cannot be applied to this source.',
    'For example a region outside the picture, or rotating an animation by an angle that is not a multiple of 90 degrees.',
    { caching: 'by-version' },
  ),
  mark_unusable: entry(
    422,
    'origin',
    'The mark of this picture cannot be drawn.',
    'Another original that a plan draws does not exist, is no picture, is too large or cannot be decoded.',
  ),
  too_costly: entry(
    422,
    'client',
    'This would take longer than a picture may.',
    'The prediction is over `hardMs`, by the table of costs and by what was learned: fewer pixels, a smaller blur, another format.',
  ),
  quarantined: entry(
    422,
    'origin',
    'The source is quarantined because it has brought workers down.',
    'See `GET /quarantine` on the admin port.',
  ),
  // 429, 499
  quota_exceeded: entry(429, 'client', 'Too many requests.', 'Over the quota of this client.', { retryable: true }),
  client_gone: entry(499, 'client', 'The client went away.', 'Only in the log.'),
  // 5xx
  internal: entry(500, 'lb', 'Something went wrong on our side.', 'A defect. The request id leads to the log line.'),
  worker_crashed: entry(
    500,
    'worker',
    'The worker that made this picture died.',
    'A strike against the source; after the second the operation is quarantined.',
    { retryable: true },
  ),
  origin_failed: entry(
    502,
    'origin',
    'The origin of the source failed.',
    'An answer of 5xx other than 503, a broken transfer, or an answer that is not what was asked for.',
    { retryable: true },
  ),
  origin_unreachable: entry(
    502,
    'origin',
    'The origin of the source cannot be reached.',
    'No such host, refused, or an address that is not allowed: one text for all of them, so that nothing can be learned about the network.',
    { retryable: true },
  ),
  origin_truncated: entry(
    502,
    'origin',
    'The origin sent less than it announced.',
    'The body ended before its Content-Length, or a chunked body was cut.',
    { retryable: true },
  ),
  overloaded: entry(
    503,
    'lb',
    'The node is overloaded.',
    'Refused at the door, or no buffer can take it. Retry-After says when to come again.',
    { retryable: true },
  ),
  shed: entry(
    503,
    'lb',
    'The node is overloaded.',
    'It was let in and then waited too long for a worker. Retry-After says when to come again.',
    { retryable: true },
  ),
  origin_busy: entry(
    503,
    'origin',
    'The origin of the source is overloaded.',
    'It answered 429 or 503. Its Retry-After is handed on.',
    { retryable: true },
  ),
  draining: entry(503, 'lb', 'The node is shutting down.', 'Ask another node.', { retryable: true }),
  no_worker: entry(503, 'lb', 'No worker is ready.', 'The node is starting, or its workers cannot start.', {
    retryable: true,
  }),
  origin_timeout: entry(
    504,
    'origin',
    'The origin of the source is too slow.',
    'Over one of the fetch deadlines: connect, headers, idle, total.',
    { retryable: true },
  ),
  processing_deadline: entry(
    504,
    'worker',
    'The picture took too long to make.',
    'Over the soft or the hard processing deadline; the hard one costs a strike.',
  ),
  request_deadline: entry(504, 'lb', 'The request took too long.', 'Over `requestMs`, all waiting included.', {
    retryable: true,
  }),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** What the table says of a code. */
export const errorEntry = (code: ErrorCode): ErrorEntry => errorTable[code];

/** What an error may carry beside its code. `detail` is public: limits, values, option names, nothing else. */
export type ErrorExtra = Readonly<{
  detail?: string;
  retryAfterS?: number;
  /** What the origin answered with: for grammars whose clients expect it, never said otherwise. */
  originStatus?: number | undefined;
  cause?: unknown;
}>;

/** The one error class. Anything else that is thrown is a defect and becomes `internal` at the edge. */
export class PileusError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterS: number | undefined;
  readonly originStatus: number | undefined;

  /**
   * Without a stack, but for `internal`: these are answers, foreseen and told apart by their code. A stack took a tenth of
   * what a refusal at the door costs, when there are most of them.
   */
  constructor(code: ErrorCode, extra: ErrorExtra = {}) {
    const { stackTraceLimit } = Error;
    if (code !== 'internal') Error.stackTraceLimit = 0;
    super(extra.detail ? `${errorTable[code].message} ${extra.detail}` : errorTable[code].message, {
      cause: extra.cause,
    });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'PileusError';
    this.code = code;
    this.detail = extra.detail;
    this.retryAfterS = extra.retryAfterS;
    this.originStatus = extra.originStatus;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

/** An error between processes. */
export type WireError = Readonly<{ code: ErrorCode; detail?: string; retryAfterS?: number; originStatus?: number }>;

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value);

export const isPileusError = (error: unknown): error is PileusError =>
  error instanceof Error && isErrorCode((error as { code?: unknown }).code) && error.name === 'PileusError';

/** Any thrown thing as a PileusError; what is not ours becomes `internal` with its cause kept for the log. */
export const asPileusError = (error: unknown): PileusError =>
  isPileusError(error) ? error : new PileusError('internal', { cause: error });

export const toWire = (error: PileusError): WireError => ({
  code: error.code,
  ...(error.detail === undefined ? {} : { detail: error.detail }),
  ...(error.retryAfterS === undefined ? {} : { retryAfterS: error.retryAfterS }),
  ...(error.originStatus === undefined ? {} : { originStatus: error.originStatus }),
});

export const fromWire = (wire: WireError): PileusError =>
  new PileusError(isErrorCode(wire.code) ? wire.code : 'internal', {
    ...(wire.detail === undefined ? {} : { detail: wire.detail }),
    ...(wire.retryAfterS === undefined ? {} : { retryAfterS: wire.retryAfterS }),
    originStatus: wire.originStatus,
  });

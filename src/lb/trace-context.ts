/** A valid W3C `traceparent` (Trace Context, level 1), or null: what is not valid is dropped, never handed on. */
export const readTraceparent = (header: string | undefined): string | null =>
  header !== undefined && pattern.test(header) && !nothing.test(header) ? header : null;

/** The trace id of a valid traceparent, for the log. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

const pattern = /^(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const nothing = /^..-0{32}-|-0{16}-..$/;

import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Options } from '../config/config.ts';
import { type Clock, systemClock } from './clock.ts';
import type { LogEvent } from './log-events.ts';

/**
 * The log of one process: JSON lines on standard output, readable ones on a terminal.
 *
 * Writing is asynchronous and its buffer is bounded: when whoever reads standard output stops reading, lines are
 * dropped and counted, and serving goes on.
 */

/** Which process a line comes from. */
export type LogIdentity = Readonly<{ role: string; slot?: number; generation?: number }>;

/** Fields of a line. `event` comes from the closed list in log-events.ts; errors go under `err`. */
export type LogFields = Readonly<{ event: LogEvent; [field: string]: unknown }>;

type Write = (fields: LogFields, message?: string) => void;

export type Log = Readonly<{
  trace: Write;
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
  fatal: Write;
  /** The same log with more fields on every line. */
  child: (fields: Readonly<Record<string, unknown>>) => Log;
  isLevelEnabled: (level: string) => boolean;
}>;

export type OpenLog = Readonly<{
  log: Log;
  /** Least severe level that is written, from now on; loggers made by `child` before keep theirs. */
  setLevel: (level: Options['logLevel']) => void;
  /** Lines that were dropped since the start because nobody read standard output. */
  linesDropped: () => number;
  /** Resolves when what is buffered has been written, or after `waitMs`. */
  flush: (waitMs?: number) => Promise<void>;
}>;

/** Bytes of lines that may wait for standard output. */
const bufferBytesMax = 1_048_576;
/** Lines of several processes share one pipe; only writes of up to PIPE_BUF bytes are never mixed up in it. */
const writeBytesMax = 4096;
/** An lb writes a line per request: they are gathered for up to this long, for the price of one system call. */
const gatherMs = 100;

/** Where lines go; a test passes a descriptor of its own. */
export type LogTarget = Readonly<{ fd: number; isTerminal: boolean }>;

const standardOutput = (): LogTarget => ({ fd: 1, isTerminal: process.stdout.isTTY === true });

/** Opens the log of this process. One call a process. */
export function openLog(
  options: Pick<Options, 'logLevel' | 'logPretty'>,
  identity: LogIdentity,
  target: LogTarget = standardOutput(),
): OpenLog {
  const gathers = identity.role === 'lb';
  const destination = pino.destination({
    dest: target.fd,
    sync: false,
    maxLength: bufferBytesMax,
    maxWrite: writeBytesMax,
    // At least 1: with 0 sonic-boom's flush does not wait.
    minLength: gathers ? writeBytesMax - 1 : 1,
    ...(gathers ? { periodicFlush: gatherMs } : {}),
  });
  let dropped = 0;
  destination.on('drop', () => {
    dropped += 1;
  });
  // A closed pipe (EPIPE) ends logging, not serving.
  destination.on('error', () => {});

  const readable = options.logPretty === 'on' || (options.logPretty === 'auto' && target.isTerminal);
  const logger = pino(
    {
      level: options.logLevel,
      base: { ...identity, pid: process.pid },
      timestamp: isoTimes(systemClock),
      formatters: { level: (label) => ({ level: label }) },
    },
    readable ? readableLines(destination, target.isTerminal) : destination,
  );

  return {
    log: logger as unknown as Log,
    setLevel: (level) => {
      logger.level = level;
    },
    linesDropped: () => dropped,
    flush: (waitMs = 200) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        destination.flush(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** Makes the time of a line, for pino. The text of a second is made once: a date's own takes as long as the rest of a line. */
export function isoTimes({ wallMs }: Pick<Clock, 'wallMs'>): () => string {
  let second = Number.NaN;
  let text = '';
  return () => {
    const ms = Math.floor(wallMs());
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toISOString().slice(0, -4);
    }
    return `,"time":"${text}${String(ms - now * 1000).padStart(3, '0')}Z"`;
  };
}

/** Formats in this process and writes to the same bounded destination; a stream of pino-pretty would be unbounded. */
function readableLines(destination: { write: (line: string) => unknown }, colorize: boolean) {
  const format = pretty.prettyFactory({
    colorize,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,role,slot,generation',
    messageFormat: (line, messageKey) => `${who(line)} ${String(line[messageKey] ?? line.event ?? '')}`,
  });
  return { write: (line: string) => void destination.write(format(line)) };
}

const who = (line: Record<string, unknown>): string =>
  line.slot === undefined ? String(line.role) : `${String(line.role)} ${String(line.slot)}`;

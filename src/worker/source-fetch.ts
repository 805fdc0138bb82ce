import { createHash } from 'node:crypto';
import type { HeaderResult } from '../plan/header/header-result.ts';
import type { Header, SourceFacts } from '../plan/header.ts';
import type { SourceRef } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';
import { KiB } from '../shared/units.ts';
import type { OpenOriginal } from '../store/originals/original-store.ts';
import type { BlobBuffer, BlobRange } from './blob-buffer.ts';
import type { Engine } from './engine.ts';

/** The header is looked for as soon as so much is there, and again whenever four times as much is. */
const probeBytesMin = 64 * KiB;

/** First range of a body whose length is not announced. */
const unknownLengthBytes = 256 * KiB;

/** No room for the source: the job has to go to another worker. Not an error of the request. */
export class BufferFull extends Error {}

/** What the first bytes say. */
export type Probe = Readonly<{
  header: Header;
  /** False while the frames are still being counted: then they are at least so many. */
  final: boolean;
  /** Known before the end only where the origin announced version and length. */
  facts: SourceFacts | null;
}>;

/** A whole source in the buffer. Its range is pinned once, for the caller. */
export type FetchedSource = Readonly<{ range: BlobRange; facts: SourceFacts }>;

export type FetchWant = Readonly<{
  source: SourceRef;
  bytesMax: number;
  /** Take a still picture that is cut short for what it shows. */
  truncatedOk: boolean;
  /** Told when the origin has announced it; null where the bytes have to be hashed. */
  onVersion: (version: string | null) => void;
  /** Told when the header is known while bytes still arrive. */
  onProbe: (probe: Probe) => void;
}>;

export type FetchDeps = Readonly<{ buffer: BlobBuffer; readHeader: Engine['readHeader'] }>;

/**
 * Reads one original into the buffer: room first, then bytes, the header on the way.
 *
 * Throws BufferFull, the store's PileusErrors, and those of the header (which end the download early). The range is
 * freed only after the store's pending read has settled, because a store may write into it until then.
 */
export async function fetchSource(
  open: () => Promise<OpenOriginal>,
  want: FetchWant,
  deps: FetchDeps,
): Promise<FetchedSource> {
  const original = await open();
  try {
    const { bytes, version } = original.stat;
    want.onVersion(version);
    if (bytes !== null && bytes > want.bytesMax) throw tooLarge(want.bytesMax);
    const range = deps.buffer.reserve(bytes ?? Math.min(unknownLengthBytes, want.bytesMax));
    if (!range) throw new BufferFull();
    try {
      return await fill(range, original, want, deps);
    } catch (error) {
      deps.buffer.drop(range);
      throw error;
    }
  } finally {
    void original.close();
  }
}

async function fill(
  range: BlobRange,
  original: OpenOriginal,
  want: FetchWant,
  { buffer, readHeader }: FetchDeps,
): Promise<FetchedSource> {
  const { stat } = original;
  const { modifiedMs } = stat;
  const caching = stat.caching === undefined ? {} : { caching: stat.caching };
  const hash = stat.version === null ? createHash('sha256') : null;
  let received = 0;
  let probeAtBytes = probeBytesMin;
  let probed = false;

  const probe = (complete: boolean): Header | null => {
    const reading = readHeader(buffer.view(range).subarray(0, received), complete);
    if (reading.state === 'need-more') return null;
    const accepted = reading.state === 'refused' ? acceptedPart(reading, want.truncatedOk) : reading;
    const { header, final } = accepted;
    if (!complete) {
      const { version, bytes } = stat;
      const facts =
        final && version !== null && bytes !== null ? { version, bytes, header, modifiedMs, ...caching } : null;
      want.onProbe({ header, final, facts });
    }
    probed = true;
    return header;
  };

  for (;;) {
    if (received === range.bytes && !(await makeRoom(range, original, want.bytesMax, buffer))) break;
    const free = buffer.view(range).subarray(received);
    const count = await original.read(free);
    if (count === 0) break;
    hash?.update(free.subarray(0, count));
    received += count;
    if (!probed && received >= probeAtBytes && received !== stat.bytes) {
      probe(false);
      probeAtBytes *= 4;
    }
  }

  if (stat.bytes !== null && received !== stat.bytes) throw new PileusError('origin_truncated');
  const header = probe(true);
  if (!header) throw new PileusError('source_truncated');
  buffer.shrink(range, received);
  const version = stat.version ?? `sha256-${hash?.digest('hex')}`;
  buffer.seal(range, { version, ...want.source });
  return { range, facts: { version, bytes: received, header, modifiedMs, ...caching } };
}

/** What a refused picture shows all the same, where the namespace takes that; else throws the refusal. */
function acceptedPart(
  { error, partial }: Extract<HeaderResult, { state: 'refused' }>,
  truncatedOk: boolean,
): { header: Header; final: boolean } {
  if (!partial || !truncatedOk) throw error;
  return { header: partial, final: true };
}

/** The range is full: is that the end (false), or is there room for more now (true)? */
async function makeRoom(
  range: BlobRange,
  original: OpenOriginal,
  bytesMax: number,
  buffer: BlobBuffer,
): Promise<boolean> {
  const announced = original.stat.bytes !== null;
  if (announced || range.bytes >= bytesMax) {
    const more = await original.read(Buffer.alloc(1));
    if (more === 0) return false;
    throw announced
      ? new PileusError('origin_failed', { cause: new Error('more bytes than announced') })
      : tooLarge(bytesMax);
  }
  if (!buffer.grow(range, Math.min(range.bytes * 2, bytesMax))) throw new BufferFull();
  return true;
}

const tooLarge = (bytesMax: number): PileusError =>
  new PileusError('source_too_large', { detail: `At most ${bytesMax} bytes (sourceBytesMax).` });

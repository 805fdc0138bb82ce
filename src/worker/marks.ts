import type { Options } from '../config/config.ts';
import type { JobOrder } from '../ipc/order.ts';
import { checkMark, markName, marksOf } from '../plan/marks.ts';
import type { SourceRef } from '../plan/plan.ts';
import { asPileusError, errorEntry, PileusError } from '../shared/errors.ts';
import type { BlobBuffer } from './blob-buffer.ts';
import type { Namespace, Revision } from './config-revisions.ts';
import type { AssetBytes } from './engine.ts';
import { BufferFull } from './source-fetch.ts';
import type { LeasedSource, SourceLease, SourceTable } from './source-table.ts';

/** A mark in the buffer. */
export type LeasedMark = LeasedSource & Readonly<{ source: SourceRef }>;

/** The other originals that a plan draws, on their way into the buffer or there. */
export type MarkLeases = Readonly<{
  isEmpty: boolean;
  /**
   * All of them, in the order of `marksOf`. Rejects with mark_unusable for one that will never do, BufferFull, and as its origin for one
   * that may do later.
   */
  complete: Promise<readonly LeasedMark[]>;
  release: () => void;
}>;

/** Asks for the marks of a plan, beside its source. Throws mark_unusable for one of a namespace that there is not. */
export function takeMarks(
  { plan, traceparent, markVersions = [] }: Pick<JobOrder, 'plan' | 'traceparent' | 'markVersions'>,
  revision: Revision,
  sources: SourceTable,
): MarkLeases {
  const marks = marksOf(plan);
  if (marks.length === 0) return noMarks;
  // Before anything is asked for: a lease that is dropped at once would end in an error that nobody hears.
  const namespaces = marks.map((mark, at) => {
    const namespace = revision.namespaces.get(mark.ns);
    if (namespace === undefined) throw unusable(at, 'its namespace does not exist');
    return namespace;
  });
  const leases = marks.map((source, at) => {
    const { store, options } = namespaces[at] as Namespace;
    const knownVersion = markVersions[at] ?? null;
    return sources.take({ source, store, options, knownVersion, traceparent, truncatedOk: false, carried: null });
  });
  const complete = Promise.all(
    leases.map(async (lease, at) => ({
      source: marks[at] as SourceRef,
      ...(await whole(lease, at, (namespaces[at] as Namespace).options)),
    })),
  );
  // Whoever waits for it hears; a job that ends before it does not wait.
  complete.catch(() => {});
  return {
    isEmpty: false,
    complete,
    release: () => {
      for (const lease of leases) lease.release();
    },
  };
}

const noMarks: MarkLeases = { isEmpty: true, complete: Promise.resolve([]), release: () => {} };

/** The header decides as early as it can. */
async function whole(lease: SourceLease, at: number, options: Options): Promise<LeasedSource> {
  try {
    const { header } = await lease.probe;
    const refused = checkMark(header, options);
    if (refused) throw refused;
    return await lease.complete;
  } catch (error) {
    if (error instanceof BufferFull) throw error;
    const { code, detail } = asPileusError(error);
    throw errorEntry(code).caching === 'no-store' && code !== 'mark_unusable' ? error : unusable(at, detail ?? code);
  }
}

/** An error of the picture, so that what is remembered of its source stays true. Which original it is may be nobody's business. */
const unusable = (at: number, why: string): PileusError =>
  new PileusError('mark_unusable', { detail: `Mark ${at + 1}: ${why.replace(/\.$/, '')}.` });

/** The registered assets with the bytes of these marks beside them, in place: valid while their ranges are pinned. */
export function withMarkBytes(assets: AssetBytes, marks: readonly LeasedMark[], buffer: BlobBuffer): AssetBytes {
  if (marks.length === 0) return assets;
  return new Map([...assets, ...marks.map(({ source, range }) => [markName(source), buffer.view(range)] as const)]);
}

import { type Config, findNamespace } from '../config/config.ts';
import { derivation } from '../plan/derivation.ts';
import type { SourceFacts } from '../plan/header.ts';
import { type KnownMark, versionWith } from '../plan/marks.ts';
import type { SourceRef } from '../plan/plan.ts';
import type { Resolved } from '../plan/resolved.ts';
import { fromWire, isPileusError, PileusError } from '../shared/errors.ts';
import type { KnownSource } from '../store/results/facts-table.ts';
import type { StoredResult } from '../store/results/result-store.ts';
import type { Ask } from './ask.ts';
import { etagOf, matchesEtag } from './conditional.ts';
import type { Library } from './library.ts';
import { tryResolve } from './prices.ts';
import type { QuarantineView } from './quarantine-view.ts';

export type Found =
  /** `etag` is null where only the source's time said so. */
  | Readonly<{ kind: 'not-modified'; etag: string | null }>
  | Readonly<{ kind: 'hit'; from: 'memory' | 'store'; etag: string; result: StoredResult }>
  | Readonly<{ kind: 'refused'; error: PileusError }>
  /** It has to be made; `version` and `facts` are what is known of its source, `resolved` what they make of the plan. */
  | Readonly<{
      kind: 'miss';
      version: string | null;
      /** The version of the source together with its marks, null where one of them is not known. Absent: it has none. */
      madeOf?: string | null;
      facts: SourceFacts | null;
      /** Undefined where nobody has resolved it; null where it cannot be. */
      resolved: Resolved | null | undefined;
    }>;

/**
 * Is it already done? 304, memory, store, then quarantine and remembered failures. Nothing here touches a worker but
 * the revalidation of facts older than `sourceFreshMs`, and nothing does I/O but that and the result store.
 */
export async function lookUp(ask: Ask, library: Library, quarantine: QuarantineView, nowMs: number): Promise<Found> {
  const { source } = ask;
  const missing = library.missing(source, ask, nowMs);
  if (missing) return { kind: 'refused', error: missing };

  let known = library.known(source);
  const jailed = quarantine.find(source, known?.version ?? null, ask.operation, nowMs);
  if (known && !library.isFresh(known, ask, nowMs)) {
    if (jailed && !(await isMade(ask, known.version, library))) {
      // Asking the origin costs the client nothing here: should the picture have been replaced, the next request sees it.
      library.revalidate(source, known.version).catch(() => {});
      return { kind: 'refused', error: new PileusError('quarantined') };
    }
    const asked = await hasAsked(library.revalidate(source, known.version));
    known = library.known(source);
    // Without an answer nothing that is here may be served; a job goes to whichever worker is there next.
    if (!asked) return jailed ? { kind: 'refused', error: new PileusError('quarantined') } : missOf(known);
  }

  let resolved: Resolved | null | undefined;
  const marks = known === null ? null : ask.marks.length === 0 ? noMarks : await knownMarks(ask, library, nowMs);
  const madeOf = known && marks ? versionWith(known.version, marks) : null;
  if (known?.facts && marks && madeOf !== null) {
    if (ask.isUnmodified(known.facts) && marks.every(({ facts }) => ask.isUnmodified(facts)))
      return { kind: 'not-modified', etag: null };
    const noted = library.alias(ask.requestKey, madeOf);
    // A URL never seen, on a source that is known: its derivation follows from the header, and may be there already.
    if (noted === null && ask.plan.view === 'image')
      resolved = tryResolve(ask.plan, known.facts.header, ask.config, ask.namespace, marks);
    const key = noted ?? (resolved ? derivation(known.version, resolved) : null);
    if (key !== null) {
      const etag = etagOf(key);
      if (matchesEtag(ask.ifNoneMatch, etag)) return { kind: 'not-modified', etag };
      const hit = await library.result({ ns: source.ns, key: source.key, derivation: key });
      if (hit) {
        // Another spelling may have made it: only now is it known to be this one's as well, and its preset's.
        if (noted === null || ask.presets.length > 0) library.noteAlias(ask, madeOf, key);
        return { kind: 'hit', from: hit.from, etag, result: hit.result };
      }
    }
  }
  if (jailed && (known === null || known.version === jailed.version)) {
    // Nothing is known of it any more: it may have been replaced, and only the origin can tell.
    if (known === null) library.revalidate(source, jailed.version).catch(() => {});
    return { kind: 'refused', error: new PileusError('quarantined') };
  }
  // What failed before its marks were there is remembered of the source alone.
  const versions = new Set(known === null ? [] : [known.version, madeOf ?? known.version]);
  const failure = [...versions].map((version) => library.failure(ask, version, nowMs)).find((found) => found !== null);
  if (failure) return { kind: 'refused', error: fromWire(failure) };
  return missOf(known, resolved, ask.marks.length === 0 ? undefined : madeOf);
}

const noMarks: readonly KnownMark[] = [];

/** What is known of all marks, asked of their origins where that is due; null where it is not known of one, or cannot be asked. */
async function knownMarks(ask: Ask, library: Library, nowMs: number): Promise<readonly KnownMark[] | null> {
  const marks = await Promise.all(ask.marks.map((mark) => knownMark(mark, ask.config, library, nowMs)));
  return marks.every((mark) => mark !== null) ? marks : null;
}

async function knownMark(
  source: SourceRef,
  config: Config,
  library: Library,
  nowMs: number,
): Promise<KnownMark | null> {
  const namespace = findNamespace(config, source.ns);
  let known = library.known(source);
  if (namespace === null || known === null) return null;
  if (!library.isFresh(known, { config, namespace }, nowMs)) {
    // What is wrong with it the job will meet as well, and say it of the mark.
    const stands = await library.revalidate(source, known.version).then(
      () => true,
      () => false,
    );
    known = stands ? library.known(source) : null;
  }
  return known?.facts ? { source, facts: known.facts } : null;
}

const missOf = (known: KnownSource | null, resolved?: Resolved | null, madeOf?: string | null): Found => ({
  kind: 'miss',
  version: known?.version ?? null,
  ...(madeOf === undefined ? {} : { madeOf }),
  facts: known?.facts ?? null,
  resolved,
});

/** False where no worker was there to ask; what the origin says is thrown. */
async function hasAsked(revalidation: Promise<void>): Promise<boolean> {
  try {
    await revalidation;
    return true;
  } catch (error) {
    if (isPileusError(error) && error.code === 'no_worker') return false;
    throw error;
  }
}

async function isMade({ source, requestKey }: Ask, version: string, library: Library): Promise<boolean> {
  const key = library.alias(requestKey, version);
  return key !== null && (await library.result({ ns: source.ns, key: source.key, derivation: key })) !== null;
}

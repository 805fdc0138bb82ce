import type { AssetConfig, Options } from '../config/config.ts';
import { PileusError } from '../shared/errors.ts';
import { checkLimits } from './header/check-limits.ts';
import { type Header, orientedSize, readHere, type SourceFacts, type SourceFormat } from './header.ts';
import type { Plan, SourceRef } from './plan.ts';

/**
 * Marks that are other originals. A picture with such marks is made of several sources: its derivation holds all their
 * versions, and it may be believed only as long as each of them may.
 */

/** What a plan needs to know of a mark, registered or fetched. */
export type MarkAsset = Pick<AssetConfig, 'name' | 'version' | 'width' | 'height' | 'font'> &
  Readonly<{
    /** What is decoded for another original. Absent for a registered one, which is small. */
    from?: Readonly<{ format: SourceFormat; pixels: number }>;
  }>;

export type MarkAssets = Readonly<Record<string, MarkAsset>>;

/** Most other originals that one plan may draw. */
export const marksMax = 4;

/** Most pixels of an original that is drawn as a mark: it is decoded whole, beside the picture. */
const markPixelsMax = 16_000_000;

/** The other originals that a plan draws, each once, in the order of its steps. */
export function marksOf({ steps }: Pick<Plan, 'steps'>): readonly SourceRef[] {
  let marks: Map<string, SourceRef> | null = null;
  for (const step of steps) {
    if (step.op !== 'watermark' || typeof step.asset === 'string') continue;
    marks ??= new Map();
    marks.set(markName(step.asset), step.asset);
  }
  return marks === null ? none : [...marks.values()];
}

/** Throws bad_combination for a plan that draws more than `marksMax` of them. */
export function checkMarks(plan: Pick<Plan, 'steps'>): void {
  if (marksOf(plan).length <= marksMax) return;
  throw new PileusError('bad_combination', { detail: `At most ${marksMax} other originals are drawn as marks.` });
}

const none: readonly SourceRef[] = [];

/** The name of a mark among assets: no registered one has a colon. */
export const markName = (mark: string | SourceRef): string =>
  typeof mark === 'string' ? mark : `${mark.ns}:${mark.key}`;

/** Another original with what is known of it. */
export type KnownMark = Readonly<{ source: SourceRef; facts: SourceFacts }>;

/** The registered assets with the marks of a plan beside them. */
export function withMarks(assets: MarkAssets, marks: readonly KnownMark[]): MarkAssets {
  if (marks.length === 0) return assets;
  const all: Record<string, MarkAsset> = { ...assets };
  for (const { source, facts } of marks) {
    const { version, header } = facts;
    const name = markName(source);
    const from = { format: header.format, pixels: header.width * header.height };
    all[name] = { name, version, ...orientedSize(header, true), from };
  }
  return all;
}

/** The version of all that a picture is made of, its marks in the order of `marksOf`; that of its source alone where it has none. */
export const versionWith = (version: string, marks: readonly KnownMark[]): string =>
  marks.length === 0 ? version : [version, ...marks.map(({ facts }) => facts.version)].join('\n');

/** May this original be drawn as a mark? Null when it may, else mark_unusable. */
export function checkMark(header: Header, limits: Options): PileusError | null {
  if (readHere.has(header.format)) return unusable(`${header.format} is not drawn as a mark`);
  const refused = checkLimits(header, limits);
  if (refused) return unusable(refused.detail ?? refused.code);
  const pixels = header.width * header.height;
  return pixels > markPixelsMax ? unusable(`${pixels} pixels are over ${markPixelsMax}`) : null;
}

const unusable = (why: string): PileusError => new PileusError('mark_unusable', { detail: why });

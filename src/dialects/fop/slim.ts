import type { Draft } from './draft.ts';
import { badUrl } from './refusals.ts';

/** The most that a slimmed picture is written with; a source of less keeps its own. */
const slimQuality = 75;

/**
 * `imageslim` of Qiniu, `imageSlim` of Tencent: the picture in its format without metadata, at a quality that hardly shows. Throws
 * bad_url for options: none are documented.
 */
export function slim(name: string, words: readonly string[], draft: Draft): void {
  if (words.length > 0) throw badUrl(`\`${name}\` has no options.`);
  draft.quality = { kind: 'source-capped', value: slimQuality };
  draft.metadata = 'none';
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real and hostile pictures that live beside the project; without them the tests that want them are skipped. */
export const corpusFolder = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

export type CorpusPart = 'good' | 'bad';

/** Names of the files of a part, sorted; none where the corpus is absent. */
export const corpusFiles = (part: CorpusPart): readonly string[] => {
  const folder = path.join(corpusFolder, part);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

export const readCorpusFile = (part: CorpusPart, name: string): Buffer =>
  readFileSync(path.join(corpusFolder, part, name));

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hasIiifValidator } from './dialects/iiif/validator.ts';

/** Says before the tests what will be left out here, and why: a skipped test that nobody notices protects nothing. */
export default function sayWhatIsLeftOut(): void {
  for (const { what, missing, need } of needs) if (missing()) console.log(`left out: ${what} (${need})`);
}

const isAbsent = (path: string) => () => !existsSync(new URL(path, import.meta.url));
const isNoCommand = (command: string) => () => spawnSync(command, ['--version']).error !== undefined;

const needs: readonly Readonly<{ what: string; missing: () => boolean; need: string }>[] = [
  {
    what: 'a thousand real and broken pictures',
    missing: isAbsent('../../shared/corpus'),
    need: 'the corpus is not beside the project',
  },
  {
    what: 'scraping by a real Prometheus',
    missing: isNoCommand('prometheus'),
    need: 'install the package `prometheus`',
  },
  {
    what: 'a worker that runs out of memory',
    missing: isNoCommand('prlimit'),
    need: 'install the package `util-linux`',
  },
  {
    what: 'the public validator of IIIF',
    missing: () => !hasIiifValidator(),
    need: '`pip install iiif-validator`, and name its python in IIIF_VALIDATOR_PYTHON',
  },
];

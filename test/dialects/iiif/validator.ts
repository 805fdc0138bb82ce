import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Pixel } from '../../helpers/pixels.ts';

/** The public validator of the Image API (`iiif-validator` on PyPI), asked through its own python. */
const python = process.env.IIIF_VALIDATOR_PYTHON ?? 'python3';

export const hasIiifValidator = (): boolean =>
  spawnSync(python, ['-c', 'import iiif_validator.validator'], { timeout: 30_000 }).status === 0;

/** The identifier that the validator's documentation gives its picture. */
export const validatorIdentifier = '67352ccc-d1b0-11e1-89ae-279075081939';

/** Colours of the validator's picture by column and row: ten by ten squares of 100 pixels. */
export const validatorColours = (): Promise<readonly (readonly Pixel[])[]> =>
  lastLineOf(
    'import json\nfrom iiif_validator.validator import ValidationInfo\nprint(json.dumps(ValidationInfo().colorInfo))',
  );

export type Verdict = Readonly<{ test: string; failure: string | null }>;

/** Runs every test of a version up to a level against the picture at `http://<server>/<prefix>`. */
export const validate = (
  server: string,
  prefix: string,
  version: '2.0' | '3.0',
  level: number,
): Promise<readonly Verdict[]> => lastLineOf(runAll, server, prefix, version, String(level), validatorIdentifier);

const runAll = `
import json, sys
from iiif_validator.validator import ValidationInfo, TestSuite, ImageAPI
server, prefix, version, level, identifier = sys.argv[1:]
verdicts = []
for name, about in TestSuite(ValidationInfo()).list_tests(version).items():
    if about['level'] > int(level):
        continue
    result = ImageAPI(identifier, server, prefix, 'http', '', version, debug=False)
    try:
        TestSuite(ValidationInfo()).run_test(name, result)
        failure = result.exception and '%s: %s' % (result.last_url, result.exception)
    except Exception as error:
        failure = '%s: %r' % (result.last_url, error)
    verdicts.append({'test': name, 'failure': failure})
print(json.dumps(verdicts))
`;

/** The package itself prints words while it is imported; the answer is the last line. */
async function lastLineOf<Value>(code: string, ...args: readonly string[]): Promise<Value> {
  const { stdout } = await promisify(execFile)(python, ['-c', code, ...args], { timeout: 80_000 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Value;
}

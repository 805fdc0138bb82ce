import type { Config } from '../config/config.ts';
import { stepsMax } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';
import type { Dialect, DialectRequest, ParsedRequest } from './dialect.ts';
import { nativeDialect } from './native/native.ts';

/** The grammars that are mounted, in the order in which they are asked. The first that claims a request has it. */
const dialects: readonly Dialect[] = [nativeDialect];

/**
 * Reads a request in the grammar that claims it. Throws not_found where none does, bad_url for a plan of more than
 * `stepsMax` steps, else as the grammar's `parse`.
 */
export const parseRequest = (request: DialectRequest, config: Config): ParsedRequest =>
  parseIn(dialects, request, config);

/** The same for any list of grammars. */
export function parseIn(mounted: readonly Dialect[], request: DialectRequest, config: Config): ParsedRequest {
  const dialect = mounted.find((candidate) => candidate.match(request, config));
  if (dialect === undefined) throw new PileusError('not_found');
  const parsed = dialect.parse(request, config);
  const { length } = parsed.plan.steps;
  if (length > stepsMax) {
    throw new PileusError('bad_url', { detail: `The plan has ${length} steps, at most ${stepsMax}.` });
  }
  return parsed;
}

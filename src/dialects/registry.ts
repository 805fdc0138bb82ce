import type { Config } from '../config/config.ts';
import { PileusError } from '../shared/errors.ts';
import type { Dialect, DialectRequest, ParsedRequest } from './dialect.ts';
import { nativeDialect } from './native/native.ts';

/** The grammars that are mounted, in the order in which they are asked. The first that claims a path has it. */
const dialects: readonly Dialect[] = [nativeDialect];

/** Reads a request in the grammar that claims it. Throws not_found where none does, else as the grammar's `parse`. */
export function parseRequest(request: DialectRequest, config: Config): ParsedRequest {
  const dialect = dialects.find((candidate) => candidate.match(request.rawPath));
  if (dialect === undefined) throw new PileusError('not_found');
  return dialect.parse(request, config);
}

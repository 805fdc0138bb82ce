import { type ErrorCode, PileusError } from '../../shared/errors.ts';

/** Codes of OSS that are finer than our table: they travel as the cause of an error. */
export type FinerCode = 'MissingArgument' | 'WatermarkError' | 'NotImplemented' | 'NoSuchBucket';

const finerCodes: ReadonlySet<unknown> = new Set<FinerCode>([
  'MissingArgument',
  'WatermarkError',
  'NotImplemented',
  'NoSuchBucket',
]);

/** An error of our table, with what OSS would call it where that says more. */
export const refusal = (code: ErrorCode, detail: string, finer?: FinerCode): PileusError =>
  new PileusError(code, finer === undefined ? { detail } : { detail, cause: finer });

/** What OSS would call it, where the error was refused under such a name. */
export const finerCodeOf = ({ cause }: PileusError): FinerCode | null =>
  finerCodes.has(cause) ? (cause as FinerCode) : null;

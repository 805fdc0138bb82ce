import { PileusError } from '../../shared/errors.ts';

/** What the grammar knows and this server cannot do. `what` is a sentence about it. */
export const unsupported = (what: string): PileusError => new PileusError('operation_unsupported', { detail: what });

export const badUrl = (detail: string): PileusError => new PileusError('bad_url', { detail });

import { PileusError } from '../../shared/errors.ts';

/** What imgproxy answers with 404 and `Invalid URL`, so that CDNs may keep it: nothing that was asked for exists. */
export const invalidUrl = (detail: string): PileusError => new PileusError('bad_url', { detail });

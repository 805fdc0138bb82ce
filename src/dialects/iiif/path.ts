import { PileusError } from '../../shared/errors.ts';

/** A path behind the mount, cut up. The identifier is still percent-encoded, the parameters are not. */
export type IiifPath =
  | Readonly<{ kind: 'base' | 'info'; rawIdentifier: string }>
  | Readonly<{
      kind: 'image';
      rawIdentifier: string;
      region: string;
      size: string;
      rotation: string;
      quality: string;
      format: string;
    }>;

/**
 * Cuts a path up by the API's URI syntax (Image API 3.0, section 2). Parameters are decoded once: clients encode `^` and commas,
 * though none has to be.
 *
 * Throws not_found for another number of segments, bad_url for a broken encoding or a last segment without a format.
 */
export function splitIiifPath(rest: string): IiifPath {
  const segments = rest.slice(1).split('/', segmentsMax + 1);
  const [rawIdentifier = '', region = '', size = '', rotation = '', last = ''] = segments;
  if (rawIdentifier === '') throw new PileusError('not_found');
  if (segments.length === 1) return { kind: 'base', rawIdentifier };
  if (segments.length === 2 && region === 'info.json') return { kind: 'info', rawIdentifier };
  if (segments.length !== segmentsMax) {
    throw new PileusError('not_found', {
      detail: 'Expected {identifier}/{region}/{size}/{rotation}/{quality}.{format}; slashes in an identifier are %2F.',
    });
  }
  return {
    kind: 'image',
    rawIdentifier,
    region: decoded(region),
    size: decoded(size),
    rotation: decoded(rotation),
    ...splitLast(decoded(last)),
  };
}

const segmentsMax = 5;

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new PileusError('bad_url', { detail: 'The percent-encoding of a parameter is not valid UTF-8.' });
  }
}

function splitLast(last: string): Readonly<{ quality: string; format: string }> {
  const dot = last.lastIndexOf('.');
  if (dot < 0) throw new PileusError('bad_url', { detail: 'Expected {quality}.{format} as the last segment.' });
  return { quality: last.slice(0, dot), format: last.slice(dot + 1) };
}

import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isPileusError, PileusError } from '../../shared/errors.ts';

type Chunks = () => Promise<Buffer | null>;

/**
 * Unwraps a gzip body as it is read; what has not been asked for is not inflated, so the reader's byte limit is a
 * limit on the output. Throws origin_truncated for a stream that stops, origin_failed for one that is not gzip.
 */
export function gunzip(next: Chunks): Readonly<{ next: Chunks; close: () => void }> {
  async function* compressed(): AsyncGenerator<Buffer> {
    for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
  }
  const inflate = createGunzip();
  pipeline(compressed, inflate, () => {});
  const inflated = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return {
    next: async () => {
      try {
        const result = await inflated.next();
        return result.done ? null : result.value;
      } catch (error) {
        throw isPileusError(error) ? error : asOriginError(error);
      }
    },
    close: () => inflate.destroy(),
  };
}

const asOriginError = (error: unknown): PileusError =>
  new PileusError((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'origin_truncated' : 'origin_failed', {
    cause: error,
  });

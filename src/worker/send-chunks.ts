import type { ServerResponse } from 'node:http';
import { PileusError } from '../shared/errors.ts';

/** Writes what `next` gives, at the pace at which it is read, and ends the response. */
export async function sendChunks(response: ServerResponse, next: () => Promise<Uint8Array | null>): Promise<void> {
  for (let chunk = await next(); chunk; chunk = await next()) {
    if (response.destroyed) throw new PileusError('client_gone');
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
    if (response.destroyed) done();
  });
}

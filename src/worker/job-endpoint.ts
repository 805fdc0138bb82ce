import type { ServerResponse } from 'node:http';
import type { JobOrder } from '../ipc/order.ts';
import { errorEntry, PileusError } from '../shared/errors.ts';
import { KiB } from '../shared/units.ts';
import type { OpenOriginal } from '../store/originals/original-store.ts';
import type { BodyReader } from './body-reader.ts';
import { handleJob, type JobAnswer } from './handle-job.ts';
import type { CarriedSource, JobDeps } from './job-story.ts';
import { encodeReport, reportHeader } from './report.ts';
import { sendChunks } from './send-chunks.ts';

/** Largest order: a plan of 16 steps and a key of 1 kB are a few kB of JSON. */
export const orderBytesMax = 64 * KiB;

/** Bytes of the order at the head of the body, where a source follows. */
export const orderBytesHeader = 'x-pileus-order-bytes';

/** `POST /job`: reads the order, lets it be handled, writes the answer and lets go of the source. */
export async function answerJob(
  body: BodyReader,
  orderBytes: number | null,
  response: ServerResponse,
  asker: AbortSignal,
  deps: JobDeps,
): Promise<void> {
  const order = await readOrder(body, orderBytes);
  const carried = order.carried && carriedSource(order.carried, body);
  const answer = await handleJob(order, carried, asker, deps);
  response.on('close', answer.release);
  if (response.destroyed) answer.release();
  await write(answer, body, order, response);
}

async function readOrder(body: BodyReader, orderBytes: number | null): Promise<JobOrder> {
  if (orderBytes !== null && orderBytes > orderBytesMax) throw new PileusError('bad_request');
  const text = orderBytes === null ? await body.all(orderBytesMax) : await body.exactly(orderBytes);
  // Trusted after its shape: both ends are this very build.
  return JSON.parse(text.toString('utf8')) as JobOrder;
}

/** The rest of the body as an original, so that it goes into the blob buffer the way a fetch does. */
function carriedSource(carried: NonNullable<JobOrder['carried']>, body: BodyReader): CarriedSource {
  const { bytes, facts, checkedAtMs = null } = carried;
  const begunAt = body.bytesRead;
  const original: OpenOriginal = {
    stat: {
      version: facts.version,
      bytes,
      modifiedMs: facts.modifiedMs,
      same: false,
      ...(facts.caching ? { caching: facts.caching } : {}),
    },
    read: (into) => body.read(into),
    close: async () => {},
  };
  return { facts, checkedAtMs, original, isUntouched: () => body.bytesRead === begunAt };
}

async function write(answer: JobAnswer, reader: BodyReader, order: JobOrder, response: ServerResponse): Promise<void> {
  const { report, body } = answer;
  const { result, redirect, error } = report;
  const status = result ? 200 : redirect ? 299 : errorEntry(error?.code ?? 'internal').status;
  const bytes = body === 'carried' ? (order.carried?.bytes ?? 0) : (body?.length ?? 0);
  response.writeHead(status, {
    [reportHeader]: encodeReport(report),
    'content-length': bytes,
    ...(result ? { 'content-type': result.contentType } : {}),
  });
  if (body === 'carried') await sendChunks(response, () => reader.next());
  else response.end(body ?? undefined);
}

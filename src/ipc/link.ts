import type { JobOrder, JobReport, WorkerEvent } from './order.ts';

/**
 * The link: one connection of an lb to a worker, beside the worker's HTTP socket, over which all orders without a
 * source go and all of the worker's events come, as frames (frames.ts). Many jobs are under way on it at once.
 * Why it is not HTTP: docs/decisions/0010.
 */

/** Where a worker that has its HTTP socket there takes links. */
export const linkPath = (socketPath: string): string => `${socketPath}.link`;

/** lb -> worker. No body. */
export type LinkOrder =
  | Readonly<{ do: 'job'; order: JobOrder }>
  /** Nobody waits for it any more: it is dropped unless it has started, and not answered. */
  | Readonly<{ do: 'abort'; jobId: string }>
  /** The source that was offered with a redirect is not wanted. */
  | Readonly<{ do: 'let-go'; jobId: string }>;

/** worker -> lb. The body of an answer is its result. A redirect's source is offered: `POST /offered` fetches it. */
export type LinkReply = Readonly<{ type: 'answer'; jobId: string; report: JobReport }> | WorkerEvent;

import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PurgeScope, QuarantineEntry } from '../ipc/messages.ts';
import type { PurgeReport } from './purges.ts';

/** What the admin server shows and does; master.ts says how. */
export type AdminView = Readonly<{
  isServing: () => boolean;
  metricsText: () => Promise<string>;
  stats: () => object;
  quarantined: () => readonly QuarantineEntry[];
  /** The clock of `untilMs`. */
  nowMs: () => number;
  /** Forgives one source or, with null, all; gives how many source versions. */
  release: (source: Readonly<{ ns: string; key: string }> | null) => number;
  recordFlight: () => Promise<string | null>;
  /** null: too many purges are under way. */
  purge: (scope: PurgeScope) => Promise<PurgeReport | null>;
}>;

const text = z.string().min(1).max(1024);
const purgeBody = z.union([
  z.strictObject({ ns: text, key: text }),
  z.strictObject({ ns: text }),
  z.strictObject({ preset: text }),
]);

/**
 * The admin port: for operators, balancers and Prometheus, never for clients. Everything is answered from the master's
 * own tables and the last heartbeats, so a hung child delays nothing; only a purge waits for the lbs, for a bounded time.
 */
export function openAdminServer(view: AdminView): FastifyInstance {
  const server = fastify({
    bodyLimit: 65_536,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    // Of a request that has reached no route, fastify's types know no status.
    frameworkErrors: (_error, _request, reply) =>
      void (reply as unknown as FastifyReply).code(400).send(problem('bad_request', 'The URL cannot be read.')),
  });

  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', (_request, reply) => {
    const serving = view.isServing();
    return reply.code(serving ? 200 : 503).send({ status: serving ? 'ready' : 'not ready' });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await view.metricsText()),
  );
  server.get('/stats', () => view.stats());

  server.get('/quarantine', () => ({
    entries: view
      .quarantined()
      .map(({ untilMs, ...entry }) => ({ ...entry, endsInMs: Math.round(untilMs - view.nowMs()) })),
  }));
  server.delete('/quarantine', () => ({ released: view.release(null) }));
  server.delete<{ Params: { ns: string; '*': string } }>('/quarantine/:ns/*', (request, reply) => {
    const { ns, '*': key } = request.params;
    const released = view.release({ ns, key });
    if (released > 0) return { released };
    return reply.code(404).send(problem('source_not_struck', 'No version of this source has a strike.'));
  });

  server.post('/flight-record', async (_request, reply) => {
    const file = await view.recordFlight();
    if (file !== null) return { file };
    return reply.code(503).send(problem('not_recorded', 'No flight record was written; the log says why.'));
  });

  server.post('/purge', async (request, reply) => {
    const body = purgeBody.safeParse(request.body);
    if (!body.success) {
      return reply.code(400).send(problem('bad_request', 'Expected {"ns","key"}, {"ns"} or {"preset"}.'));
    }
    const report = await view.purge(scopeOf(body.data));
    if (report === null) return reply.code(503).send(problem('overloaded', 'Too many purges are under way.'));
    if (report.lbs === 0) return reply.code(503).send(problem('not_ready', 'No lb is there to purge anything.'));
    // A purge that not every lb has confirmed must not look like one that has happened.
    return reply.code(report.acknowledged === report.lbs ? 200 : 504).send(report);
  });

  server.setNotFoundHandler((_request, reply) => reply.code(404).send(problem('not_found', 'There is nothing here.')));
  server.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    const isOurs = status >= 500;
    return reply
      .code(status)
      .send(problem(isOurs ? 'internal' : 'bad_request', isOurs ? 'Something went wrong.' : (error as Error).message));
  });
  return server;
}

const problem = (code: string, message: string) => ({ code, message });

function scopeOf(body: z.infer<typeof purgeBody>): PurgeScope {
  if ('preset' in body) return { by: 'preset', preset: body.preset };
  return 'key' in body ? { by: 'source', ns: body.ns, key: body.key } : { by: 'namespace', ns: body.ns };
}

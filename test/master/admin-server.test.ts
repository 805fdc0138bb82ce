import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { PurgeScope } from '../../src/ipc/messages.ts';
import { type AdminView, openAdminServer } from '../../src/master/admin-server.ts';

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

const view: AdminView = {
  isServing: () => true,
  metricsText: () => Promise.resolve('# HELP a A.\na 1\n'),
  stats: () => ({ workers: [] }),
  quarantined: () => [],
  nowMs: () => 1000,
  release: () => 0,
  recordFlight: () => Promise.resolve('flight.json'),
  purge: () => Promise.resolve({ purgeId: 'p', lbs: 1, acknowledged: 1, results: 3 }),
};

async function ask(over: Partial<AdminView>, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  server = openAdminServer({ ...view, ...over });
  const response = await server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: response.statusCode, type: response.headers['content-type'], body: response.body };
}

describe('admin server', () => {
  it('says that the master is alive, whatever the children do', async () => {
    expect(await ask({ isServing: () => false }, 'GET', '/healthz')).toMatchObject({ status: 200 });
  });

  it('answers a URL that cannot be read in its own shape', async () => {
    const { status, body } = await ask({}, 'DELETE', '/quarantine/o/%zz');
    expect([status, JSON.parse(body)]).toEqual([400, { code: 'bad_request', message: 'The URL cannot be read.' }]);
  });

  it('is ready when the node serves, and not otherwise', async () => {
    expect(await ask({}, 'GET', '/readyz')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
    expect(await ask({ isServing: () => false }, 'GET', '/readyz')).toMatchObject({
      status: 503,
      body: '{"status":"not ready"}',
    });
  });

  it('gives the metrics in the text format of Prometheus', async () => {
    expect(await ask({}, 'GET', '/metrics')).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: '# HELP a A.\na 1\n',
    });
  });

  it('gives the stats as JSON', async () => {
    expect(await ask({}, 'GET', '/stats')).toMatchObject({ status: 200, body: '{"workers":[]}' });
  });

  it('shows the quarantine, with how long each entry still lasts', async () => {
    const entry = {
      scope: 'operation' as const,
      ns: 'photos',
      key: 'a.jpg',
      version: 'v1',
      operation: 'blur',
      untilMs: 61_000,
      strikes: 2,
    };
    const { body } = await ask({ quarantined: () => [entry] }, 'GET', '/quarantine');
    expect(JSON.parse(body)).toEqual({
      entries: [
        {
          scope: 'operation',
          ns: 'photos',
          key: 'a.jpg',
          version: 'v1',
          operation: 'blur',
          strikes: 2,
          endsInMs: 60_000,
        },
      ],
    });
  });

  it.each([
    ['/quarantine', null],
    ['/quarantine/photos/a.jpg', { ns: 'photos', key: 'a.jpg' }],
    ['/quarantine/photos/2024/b%20c%2Fd.jpg', { ns: 'photos', key: '2024/b c/d.jpg' }],
  ])('releases what DELETE %s names', async (url, expected) => {
    const asked: unknown[] = [];
    const release = (source: unknown): number => {
      asked.push(source);
      return 2;
    };
    expect(await ask({ release }, 'DELETE', url)).toMatchObject({ status: 200, body: '{"released":2}' });
    expect(asked).toEqual([expected]);
  });

  it('says when the source to release is not there', async () => {
    const { status, body } = await ask({}, 'DELETE', '/quarantine/photos/a.jpg');
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: 'source_not_struck' });
  });

  it('writes a flight record on request, and says when it could not', async () => {
    expect(await ask({}, 'POST', '/flight-record')).toMatchObject({ status: 200, body: '{"file":"flight.json"}' });
    expect(await ask({ recordFlight: () => Promise.resolve(null) }, 'POST', '/flight-record')).toMatchObject({
      status: 503,
    });
  });

  it.each<[object, PurgeScope]>([
    [{ ns: 'photos' }, { by: 'namespace', ns: 'photos' }],
    [
      { ns: 'photos', key: 'a/b.jpg' },
      { by: 'source', ns: 'photos', key: 'a/b.jpg' },
    ],
    [{ preset: 'card' }, { by: 'preset', preset: 'card' }],
  ])('purges what %j names', async (body, expected) => {
    const scopes: PurgeScope[] = [];
    const purge: AdminView['purge'] = (scope) => {
      scopes.push(scope);
      return view.purge(scope);
    };
    expect(await ask({ purge }, 'POST', '/purge', body)).toMatchObject({ status: 200 });
    expect(scopes).toEqual([expected]);
  });

  it('does not call a purge done while there is no lb to do it', async () => {
    const purge: AdminView['purge'] = () => Promise.resolve({ purgeId: 'p', lbs: 0, acknowledged: 0, results: 0 });
    const { status, body } = await ask({ purge }, 'POST', '/purge', { ns: 'photos' });
    expect([status, JSON.parse(body).code]).toEqual([503, 'not_ready']);
  });

  it('does not call a purge done that an lb has not confirmed', async () => {
    const purge: AdminView['purge'] = () => Promise.resolve({ purgeId: 'p', lbs: 2, acknowledged: 1, results: 3 });
    const { status, body } = await ask({ purge }, 'POST', '/purge', { ns: 'photos' });
    expect(status).toBe(504);
    expect(JSON.parse(body)).toMatchObject({ lbs: 2, acknowledged: 1 });
  });

  it.each([[{}], [{ ns: '' }], [{ key: 'a' }], [{ ns: 'a', preset: 'b' }], [{ ns: 1 }], [{ ns: 'x'.repeat(2000) }]])(
    'refuses to purge %j',
    async (body) => {
      const { status, body: text } = await ask({}, 'POST', '/purge', body);
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({ code: 'bad_request' });
    },
  );

  it('answers errors as JSON without a trace of its insides', async () => {
    const broken = await ask({ metricsText: () => Promise.reject(new Error('secret path')) }, 'GET', '/metrics');
    expect(broken).toMatchObject({ status: 500, body: '{"code":"internal","message":"Something went wrong."}' });
    expect(await ask({}, 'GET', '/nothing')).toMatchObject({
      status: 404,
      body: '{"code":"not_found","message":"There is nothing here."}',
    });
  });
});

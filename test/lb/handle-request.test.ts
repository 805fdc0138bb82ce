import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../src/lb/worker-client.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { namespace, testConfig } from '../master/test-config.ts';
import { type FrontRig, openFront, pictureAnswer } from './front-rig.ts';
import { factsOf, reportOf } from './kit.ts';

const rigs: FrontRig[] = [];
const open = async (...given: Parameters<typeof openFront>): Promise<FrontRig> => {
  const rig = await openFront(...given);
  rigs.push(rig);
  return rig;
};
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

const path = '/photos/a.jpg/~w_20.webp';
const codeOf = ({ body }: { body: string }): string => (JSON.parse(body) as { code: string }).code;
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** A worker that answers when it is told to. */
function held(rig: FrontRig): { answer: (answer: JobAnswer) => void } {
  let resolve: (answer: JobAnswer) => void = () => {};
  const answer = new Promise<JobAnswer>((settle) => {
    resolve = settle;
  });
  rig.worker.answer = () => answer;
  return { answer: resolve };
}

describe('a request', () => {
  it('is answered with what a worker made, and the next one from memory', async () => {
    const rig = await open();
    const first = await rig.send(path);
    expect([first.status, first.body, first.headers['content-type']]).toEqual([200, 'picture', 'image/webp']);
    expect(first.headers.etag).toBe('"made"');
    expect(first.headers['server-timing']).toContain('process;dur=5.0');
    const second = await rig.send(path);
    expect([second.status, second.body, second.headers.etag]).toEqual([200, 'picture', '"made"']);
    expect(rig.worker.orders).toHaveLength(1);
    expect((await rig.accessLines(2)).map(({ from }) => from)).toEqual(['made', 'memory']);
    expect(rig.front.counts()).toMatchObject({ requests: 2, made: 1, hitsMemory: 1 });
  });

  it('by HEAD has the head of GET and no body', async () => {
    const rig = await open();
    const { status, headers, body } = await rig.send(path, {}, 'HEAD');
    expect([status, headers['content-length'], headers.etag, body]).toEqual([200, '7', '"made"', '']);
    expect((await rig.accessLines(1))[0]).toMatchObject({ method: 'HEAD', outBytes: 0 });
  });

  it('with the ETag of what is made for it is 304', async () => {
    const rig = await open();
    const reply = await rig.send(path, { 'if-none-match': 'W/"made"' });
    expect([reply.status, reply.body, reply.headers.etag]).toEqual([304, '', '"made"']);
    expect((await rig.accessLines(1))[0]).toMatchObject({ status: 304, from: 'not-modified' });
  });

  it('says in its order what the worker needs', async () => {
    const rig = await open();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { headers } = await rig.send(path, { traceparent });
    expect(rig.worker.orders[0]).toMatchObject({
      requestId: headers['x-request-id'],
      traceparent,
      attempt: 0,
      source: { ns: 'photos', key: 'a.jpg' },
      knownVersion: null,
      configRevision: 1,
    });
    expect((await rig.accessLines(1))[0]).toMatchObject({ traceId: traceparent.slice(3, 35), worker: 0, ns: 'photos' });
  });

  it('for a health check says whether there are workers, and not while draining', async () => {
    const rig = await open();
    expect((await rig.send('/-/health')).status).toBe(200);
    rig.setWorkers(0);
    expect((await rig.send('/-/health')).status).toBe(503);
    rig.setWorkers(1);
    rig.front.draining = true;
    const reply = await rig.send('/-/health');
    expect([reply.status, reply.headers.connection]).toEqual([503, 'close']);
  });

  it('that is not acceptable closes its connection', async () => {
    const rig = await open();
    const reply = await rig.send(path, {}, 'POST');
    expect([reply.status, codeOf(reply), reply.headers.connection]).toEqual([405, 'method_not_allowed', 'close']);
    expect(rig.worker.orders).toEqual([]);
  });

  it('spelled otherwise is answered with its canonical place, or sent there', async () => {
    const rig = await open();
    const spelled = '/photos/a.jpg/~h_20,w_20.webp';
    const answered = await rig.send(spelled);
    expect([answered.status, answered.headers['content-location']]).toEqual([200, '/photos/a.jpg/~w_20,h_20.webp']);
    rig.front.configure(testConfig({ canonicalRedirect: true }, { revision: 2 }));
    const sent = await rig.send(spelled);
    expect([sent.status, sent.headers.location]).toEqual([308, '/photos/a.jpg/~w_20,h_20.webp']);
  });

  it('by OPTIONS is answered where the namespace has CORS', async () => {
    const cors = { origins: ['https://a.example'], maxAgeS: 60 };
    const rig = await open(testConfig({}, { namespaces: { photos: { ...namespace, cors } } }));
    const asked = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
    expect((await rig.send(path, asked, 'OPTIONS')).headers['access-control-allow-origin']).toBe('https://a.example');
    expect((await rig.send(path, { origin: 'https://b.example' }, 'OPTIONS')).status).toBe(405);
    expect((await rig.send('/none/a.jpg/~w_20.webp', asked, 'OPTIONS')).status).toBe(405);
  });
});

describe('equal requests at once', () => {
  it('share one order and one outcome', async () => {
    const rig = await open();
    const { answer } = held(rig);
    const asked = [rig.send(path), rig.send(path), rig.send(path)];
    await until(() => rig.front.requestsInFlight === 3);
    answer(pictureAnswer());
    expect((await Promise.all(asked)).map(({ status, body }) => [status, body])).toEqual([
      [200, 'picture'],
      [200, 'picture'],
      [200, 'picture'],
    ]);
    expect(rig.worker.orders).toHaveLength(1);
    expect((await rig.accessLines(3)).map(({ from }) => from).sort()).toEqual(['joined', 'joined', 'made']);
    expect(rig.front.flights.size).toBe(0);
  });

  it('share its failure', async () => {
    const rig = await open();
    const { answer } = held(rig);
    const asked = [rig.send(path), rig.send(path)];
    await until(() => rig.front.requestsInFlight === 2);
    answer({ kind: 'error', error: new PileusError('origin_timeout'), report: reportOf({ result: null }) });
    expect((await Promise.all(asked)).map(codeOf)).toEqual(['origin_timeout', 'origin_timeout']);
  });

  it('wait up to waitersMax', async () => {
    const rig = await open(testConfig({ waitersMax: 2 }));
    const { answer } = held(rig);
    const asked = [rig.send(path), rig.send(path)];
    await until(() => rig.front.requestsInFlight === 2);
    const late = await rig.send(path);
    expect([late.status, codeOf(late), late.headers['retry-after']]).toEqual([503, 'overloaded', '1']);
    answer(pictureAnswer());
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('a client that leaves', () => {
  const leave = async (rig: FrontRig, count: number): Promise<void> => {
    const abort = new AbortController();
    const before = rig.front.requestsInFlight;
    const asked = Array.from({ length: count }, () => rig.send(path, {}, 'GET', abort.signal).catch(() => null));
    await until(() => rig.front.requestsInFlight === before + count);
    abort.abort();
    await Promise.all(asked);
  };

  it('as the last one takes the job along', async () => {
    const rig = await open();
    held(rig);
    await leave(rig, 2);
    const lines = await rig.accessLines(2);
    expect(lines.map(({ status }) => status)).toEqual([499, 499]);
    await until(() => rig.worker.aborted.length === 1);
    expect(rig.front.flights.size).toBe(0);
    expect(rig.front.requestsInFlight).toBe(0);
    expect(rig.front.dispatcher.inFlightMs()).toBe(0);
  });

  it('leaves the job to those who stay', async () => {
    const rig = await open();
    const { answer } = held(rig);
    const stays = rig.send(path);
    await until(() => rig.front.requestsInFlight === 1);
    await leave(rig, 1);
    await rig.accessLines(1);
    answer(pictureAnswer());
    expect((await stays).status).toBe(200);
    expect(rig.worker.aborted).toEqual([]);
  });

  it('leaves a running picture to be kept', async () => {
    const rig = await open();
    const { answer } = held(rig);
    const abort = new AbortController();
    const gone = rig.send(path, {}, 'GET', abort.signal).catch(() => null);
    await until(() => rig.worker.orders.length === 1);
    const backend = rig.front.dispatcher.anyBackend('photos/a.jpg');
    if (!backend) throw new Error('no backend');
    rig.front.dispatcher.noteEvent(backend, { type: 'started', jobId: rig.worker.orders[0]?.jobId ?? '' });
    abort.abort();
    await gone;
    await rig.accessLines(1);
    answer(pictureAnswer());
    await until(
      () => rig.library.inMemory({ requestKey: 'x' }, 'v1') !== null || rig.library.stats().memoryEntries === 1,
    );
    expect((await rig.send(path)).status).toBe(200);
    expect(rig.worker.orders).toHaveLength(1);
  });

  it('is noticed behind other answers on its connection as well', async () => {
    const rig = await open();
    held(rig);
    const socket = connect(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    for (const width of [20, 21, 22]) socket.write(`GET /photos/a.jpg/~w_${width}.webp HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => rig.front.requestsInFlight === 3);
    socket.destroy();
    expect((await rig.accessLines(3)).map(({ status }) => status)).toEqual([499, 499, 499]);
    expect(rig.front.requestsInFlight).toBe(0);
    expect(rig.front.flights.size).toBe(0);
  });
});

describe('an error', () => {
  it('is JSON with its code, its request and nothing of ours', async () => {
    const rig = await open();
    rig.worker.answer = async () => ({
      kind: 'error',
      error: new PileusError('internal', { cause: new Error('/srv/secret') }),
      report: null,
    });
    const reply = await rig.send(path);
    expect(JSON.parse(reply.body)).toEqual({
      code: 'internal',
      message: 'Something went wrong on our side.',
      requestId: reply.headers['x-request-id'],
    });
    expect(rig.lines).toContainEqual(
      expect.objectContaining({ event: 'internal-error', requestId: reply.headers['x-request-id'] }),
    );
  });

  it('at the door leaves nothing behind', async () => {
    const rig = await open(testConfig({ queueJobsMax: 1, fetchPlacesFile: 1 }));
    held(rig);
    const asked = [20, 21].map((width) => rig.send(`/photos/a.jpg/~w_${width}.webp`).catch(() => null));
    await until(() => rig.front.requestsInFlight === 2);
    const refused = await rig.send('/photos/a.jpg/~w_22.webp');
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([503, 'overloaded', '1']);
    expect(rig.front.flights.size).toBe(2);
    expect(rig.front.dispatcher.admission.jobs).toBe(1);
    await rig.close();
    await Promise.all(asked);
  });

  it('without any worker says when to come again, for a job as for an original', async () => {
    const rig = await open();
    rig.setWorkers(0);
    const original = await rig.send('/photos/a.jpg/~orig.jpg');
    expect([original.status, codeOf(original), original.headers['retry-after']]).toEqual([503, 'no_worker', '1']);
  });

  it('of bytes that no client reads refuses what would hold too many', async () => {
    const rig = await open(testConfig({ lbBufferedBytesMax: 1_048_576 }));
    rig.worker.answer = () => pictureAnswer('x'.repeat(1_048_577));
    const reply = await rig.send(path);
    expect([reply.status, codeOf(reply), reply.headers['retry-after']]).toEqual([503, 'overloaded', '1']);
  });
});

describe('what has to be made again', () => {
  it('is asked for with the version that is known', async () => {
    const rig = await open();
    const { front, worker } = rig;
    front.library.noteReport(
      { source: { ns: 'photos', key: 'a.jpg' }, operation: 'webp' },
      reportOf({ version: 'v7', facts: factsOf('v7'), result: null }),
      rig.clock.nowMs(),
    );
    await rig.send(path);
    expect(worker.orders[0]?.knownVersion).toBe('v7');
  });

  it('is explained anew each time, and never kept by anybody', async () => {
    const config = testConfig({}, { namespaces: { photos: { ...namespace, explain: true } } });
    const rig = await open(config);
    for (let count = 0; count < 2; count++) {
      const reply = await rig.send('/photos/a.jpg/~explain,w_20.json');
      expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store']);
    }
    expect(rig.worker.orders).toHaveLength(2);
  });
});

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm } from '../../helpers/gauges.ts';
import { type Answer, type CorpusRun, isHere, patient, startCorpusRun, told } from './corpus-run.ts';

describe.skipIf(!isHere)('bad pictures of the corpus', () => {
  let run: CorpusRun;
  let answers: readonly Answer[];

  beforeAll(async () => {
    run = await startCorpusRun('bad', {});
    answers = await run.askAll();
  }, 240_000);

  afterAll(async () => {
    await run?.end();
  });

  it('are served as far as they can be, or refused, and harm nobody', patient, async () => {
    expect(answers.length).toBeGreaterThan(1000);
    const surprises = answers.filter(({ status }) => ![200, 413, 415, 422].includes(status));
    expect(surprises.map(told)).toEqual([]);
    await run.checkUnharmed();
  });

  it('come out whole where they come out', patient, async () => {
    for (const answer of answers) {
      const { status, reply } = answer;
      if (status !== 200) expect(reply.headers['cache-control'], told(answer)).toBe('public, max-age=300');
      else expect((await decoded(reply.body)).width, told(answer)).toBeLessThanOrEqual(64);
    }
  });

  it('are answered the same the next time, without another try', patient, async () => {
    const tags = new Map(answers.map((answer) => [told(answer), answer.reply.headers.etag]));
    const again = await run.askAll();
    const others = again.filter((answer) => tags.get(told(answer)) !== answer.reply.headers.etag);
    expect(others.map(told)).toEqual([]);
    expect(tags.size).toBe(again.length);
    await calm(run.node);
    const ids = new Set(again.map(({ reply }) => reply.headers['x-request-id']));
    const tried = run.node
      .lines()
      .filter(({ requestId, worker }) => ids.has(String(requestId)) && worker !== undefined);
    expect(tried).toEqual([]);
    await run.checkUnharmed();
  });
});

/** Every pixel of it, which a header alone does not promise. */
const decoded = async (bytes: Buffer) =>
  (await sharp(bytes, { pages: -1 }).raw().toBuffer({ resolveWithObject: true })).info;

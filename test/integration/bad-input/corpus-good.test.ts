import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { readCorpusFile } from '../../helpers/corpus.ts';
import { type Answer, type CorpusRun, isHere, patient, startCorpusRun, told } from './corpus-run.ts';

type Outcome = Readonly<{ status: number; code: string | null }>;

/** Refused although their headers are good, and rightly so. */
const exceptions: Readonly<Record<string, Outcome>> = {
  // Its makers cut it behind the headers, which are all that their test reads.
  'pillow__ultrahdr.jpg': { status: 422, code: 'source_truncated' },
  // Its entities are elements.
  'imgproxy__coords-viewattr-02-b.svg': { status: 415, code: 'unsupported_format' },
};

const headerOf = (name: string) => readHeader(readCorpusFile('good', name), true);

/** What our own reader says of a file, which another test holds against sharp's. */
function expectedOf(name: string): Outcome {
  const exception = exceptions[name];
  if (exception) return exception;
  const verdict = headerOf(name);
  return verdict.state === 'refused' ? { status: 415, code: verdict.error.code } : { status: 200, code: null };
}

/** Frames of what WebP can keep moving. */
function framesOf(name: string): number {
  const verdict = headerOf(name);
  return verdict.state === 'known' && /gif|webp/.test(verdict.header.format) ? verdict.header.frames : 1;
}

/** Milliseconds that an animation takes; as in browsers, a frame of 10 ms or less stays for 100. */
const lengthOf = (delays: readonly number[] = []): number =>
  delays.reduce((total, ms) => total + (ms <= 10 ? 100 : ms), 0);

describe.skipIf(!isHere)('good pictures of the corpus', () => {
  let run: CorpusRun;
  let answers: readonly Answer[];

  beforeAll(async () => {
    // Two animations of it are a little larger than the defaults allow.
    run = await startCorpusRun('good', { framesMax: 400, sourcePixelsMax: 100_000_000, svgBytesMax: 4_194_304 });
    answers = await run.askAll();
  }, 240_000);

  afterAll(async () => {
    await run?.end();
  });

  it('are served, or 415 where no decoder reads them', patient, async () => {
    expect(answers.length).toBeGreaterThan(400);
    const surprises = answers.filter((answer) => {
      const { status, code } = expectedOf(answer.name);
      return status !== answer.status || code !== answer.code;
    });
    expect(surprises.map(told)).toEqual([]);
    await run.checkUnharmed();
  });

  it('come out as WebP of the size asked for, as long as they were, without their metadata', patient, async () => {
    let moving = 0;
    for (const answer of answers.filter(({ status }) => status === 200)) {
      const meta = await sharp(answer.reply.body, { pages: -1 }).metadata();
      const pages = meta.pages ?? 1;
      expect(meta.format, told(answer)).toBe('webp');
      expect(pages, told(answer)).toBeLessThanOrEqual(answer.plan.startsWith('fr_0') ? 1 : framesOf(answer.name));
      expect(Math.max(meta.width, meta.pageHeight ?? meta.height), told(answer)).toBeLessThanOrEqual(64);
      expect([meta.exif ?? meta.xmp ?? meta.iptc ?? meta.icc], told(answer)).toEqual([undefined]);
      if (pages === 1) continue;
      // Frames that look alike are written as one that stays longer, so time is what has to be the same.
      moving += 1;
      const source = await sharp(readCorpusFile('good', answer.name), { pages: -1 }).metadata();
      expect(lengthOf(meta.delay), told(answer)).toBe(lengthOf(source.delay));
    }
    expect(moving).toBeGreaterThan(15);
  });
});

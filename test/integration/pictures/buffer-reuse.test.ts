import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const sources = 8;
const rounds = 40;
const askedAtOnce = 6;

let sourceBytes = 0;
let site: Site;
let node: Pileus;

beforeAll(async () => {
  // One worker with the smallest buffer, and nothing remembered: bytes are replaced under way all the time.
  site = makeSite({ workers: 1, blobBufferBytes: '1MiB', sourceBytesMax: '1MiB', resultCacheBytes: 0 });
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  for (let at = 0; at < sources; at++) {
    const size = { width: 300 + 30 * at, height: 260 };
    const picture = sharp({ create: { ...size, channels: 3, background: '#808080', noise } });
    const file = await picture.jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer();
    site.put(`${at}.jpg`, file);
    sourceBytes += file.length;
  }
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a blob buffer that is too small for all', () => {
  it('never gives a picture the bytes of another one', { timeout: 90_000 }, async () => {
    const ask = async (at: number): Promise<string> => {
      for (let tries = 0; tries < 50; tries++) {
        const { status, body, headers } = await node.get(`/photos/${at}.jpg/~w_64.png`);
        if (status === 200) return hashOf(body);
        // A buffer that is full of pictures under way may say so; it may not mix them up.
        expect([at, status, headers['retry-after']]).toEqual([at, 503, expect.any(String)]);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${at}.jpg was refused again and again.`);
    };
    expect(sourceBytes).toBeGreaterThan(1.2 * 1024 * 1024);
    const wanted: string[] = [];
    for (let at = 0; at < sources; at++) wanted.push(await ask(at));
    expect(new Set(wanted).size).toBe(sources);

    const asked = Array.from({ length: rounds * sources }, (_, n) => (n * 5) % sources);
    const wrong: number[] = [];
    const work = async (): Promise<void> => {
      for (let at = asked.pop(); at !== undefined; at = asked.pop()) if ((await ask(at)) !== wanted[at]) wrong.push(at);
    };
    await Promise.all(Array.from({ length: askedAtOnce }, work));
    expect(wrong).toEqual([]);
    const { counters } = await calm(node);
    expect((counters.made ?? 0) + (counters.joined ?? 0)).toBeGreaterThan((rounds * sources) / 2);
  });
});

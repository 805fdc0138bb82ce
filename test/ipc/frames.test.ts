import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenFrame, FrameReader, frameStart } from '../../src/ipc/frames.ts';

type Head = { id: number; text: string; wanted: boolean };
type Got = { head: Head; body: string | null };

function reading(): { got: Got[]; reader: FrameReader<Head> } {
  const got: Got[] = [];
  const reader = new FrameReader<Head>({
    bodyFor: ({ wanted }, bytes) => (wanted ? Buffer.alloc(bytes) : null),
    onFrame: (head, body) => got.push({ head, body: body?.toString('latin1') ?? null }),
  });
  return { got, reader };
}

const head = fc.record({ id: fc.nat(), text: fc.string({ unit: 'grapheme', maxLength: 40 }), wanted: fc.boolean() });
const frames = fc.array(fc.tuple(head, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 });

describe('frames', () => {
  it('come out as they went in, however the stream is cut, and no chunk is kept', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.flatMap(([head, body]) => [frameStart(head, body.length), body]));
        const { got, reader } = reading();
        let at = 0;
        for (let turn = 0; at < stream.length; turn++) {
          const end = at + (cuts[turn % cuts.length] as number);
          const chunk = Buffer.from(stream.subarray(at, end));
          reader.read(chunk);
          chunk.fill(0xee);
          at = end;
        }
        expect(got).toEqual(
          sent.map(([head, body]) => ({
            head,
            body: head.wanted && body.length > 0 ? Buffer.from(body).toString('latin1') : null,
          })),
        );
      }),
    );
  });

  it.each([
    ['a head that is no JSON', Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{')])],
    ['a head of four gigabytes', Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])],
  ])('throws at %s', (_name, bytes) => {
    expect(() => reading().reader.read(bytes)).toThrow(BrokenFrame);
  });

  it('has no head larger than its reader takes', () => {
    expect(() => frameStart({ text: 'x'.repeat(300_000) })).toThrow(BrokenFrame);
  });
});

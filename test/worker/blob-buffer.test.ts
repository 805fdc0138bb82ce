import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlobBuffer, type BlobRange } from '../../src/worker/blob-buffer.ts';

const label = (key: string, version = 'v1') => ({ ns: 'photos', key, version });

const sealed = (buffer: BlobBuffer, key: string, bytes: number): BlobRange => {
  const range = buffer.reserve(bytes);
  if (!range) throw new Error('no room');
  buffer.seal(range, label(key));
  return range;
};

const cached = (buffer: BlobBuffer, key: string, bytes: number): BlobRange => {
  const range = sealed(buffer, key, bytes);
  buffer.unpin(range);
  return range;
};

describe('BlobBuffer', () => {
  it('evicts the oldest cached range first', () => {
    const buffer = new BlobBuffer(300);
    cached(buffer, 'a', 100);
    cached(buffer, 'b', 100);
    cached(buffer, 'c', 100);
    expect(buffer.reserve(100)).not.toBeNull();
    expect(buffer.find('photos', 'a', 'v1')).toBeNull();
    expect(buffer.find('photos', 'b', 'v1')).not.toBeNull();
  });

  it('counts a pin as use, so that what was read last goes last', () => {
    const buffer = new BlobBuffer(200);
    const a = cached(buffer, 'a', 100);
    cached(buffer, 'b', 100);
    buffer.pin(a);
    buffer.unpin(a);
    buffer.reserve(100);
    expect(buffer.find('photos', 'a', 'v1')).toBe(a);
    expect(buffer.find('photos', 'b', 'v1')).toBeNull();
  });

  it('never evicts what is pinned, and evicts nothing when that leaves no room', () => {
    const buffer = new BlobBuffer(300);
    cached(buffer, 'a', 100);
    sealed(buffer, 'b', 100);
    cached(buffer, 'c', 100);
    expect(buffer.reserve(150)).toBeNull();
    expect(buffer.find('photos', 'a', 'v1')).not.toBeNull();
    expect(buffer.find('photos', 'c', 'v1')).not.toBeNull();
    expect(buffer.usage.evictions).toBe(0);
  });

  it('tells who was evicted', () => {
    const buffer = new BlobBuffer(100);
    const gone: string[] = [];
    buffer.onEvict = ({ key }) => gone.push(key);
    cached(buffer, 'a', 60);
    buffer.reserve(60);
    expect(gone).toEqual(['a']);
  });

  it('takes the smallest free range that fits', () => {
    const buffer = new BlobBuffer(1000);
    const wide = buffer.reserve(300);
    buffer.reserve(10);
    const tight = buffer.reserve(100);
    buffer.reserve(10);
    if (!wide || !tight) throw new Error('no room');
    const { start } = tight;
    buffer.drop(wide);
    buffer.drop(tight);
    expect(buffer.reserve(90)?.start).toBe(start);
  });

  it('grows in place where the neighbour is free', () => {
    const buffer = new BlobBuffer(300);
    const range = buffer.reserve(100);
    if (!range) throw new Error('no room');
    expect(buffer.grow(range, 250)).toBe(true);
    expect(range).toMatchObject({ start: 0, bytes: 250 });
  });

  it('moves what it cannot grow in place, with its bytes', () => {
    const buffer = new BlobBuffer(1000);
    const range = buffer.reserve(100);
    buffer.reserve(100);
    if (!range) throw new Error('no room');
    buffer.view(range).fill(7);
    expect(buffer.grow(range, 400)).toBe(true);
    expect(range.bytes).toBe(400);
    expect(buffer.view(range).subarray(0, 100).equals(Buffer.alloc(100, 7))).toBe(true);
  });

  it('leaves a range as it is when there is no room to grow', () => {
    const buffer = new BlobBuffer(300);
    const range = buffer.reserve(100);
    buffer.reserve(150);
    if (!range) throw new Error('no room');
    expect(buffer.grow(range, 200)).toBe(false);
    expect(range).toMatchObject({ start: 0, bytes: 100, state: 'reserved' });
  });

  it('keeps a dropped range until its last reader is gone', () => {
    const buffer = new BlobBuffer(100);
    const range = sealed(buffer, 'a', 100);
    buffer.pin(range);
    buffer.drop(range);
    expect(buffer.find('photos', 'a', 'v1')).toBeNull();
    buffer.unpin(range);
    expect(buffer.reserve(1)).toBeNull();
    buffer.unpin(range);
    expect(buffer.reserve(100)).not.toBeNull();
  });

  it('finds by version, and a second range of a name replaces the first', () => {
    const buffer = new BlobBuffer(300);
    const first = sealed(buffer, 'a', 100);
    const second = sealed(buffer, 'a', 100);
    expect(buffer.find('photos', 'a', 'v1')).toBe(second);
    expect(buffer.find('photos', 'a', 'v2')).toBeNull();
    expect(buffer.view(first).length).toBe(100);
    buffer.unpin(first);
    expect(buffer.usage.usedBytes).toBe(100);
  });

  it('refuses to unpin twice', () => {
    const buffer = new BlobBuffer(100);
    const range = cached(buffer, 'a', 10);
    expect(() => buffer.unpin(range)).toThrow();
  });

  it('holds its laws under any sequence of use', () => {
    const step = fc.record({
      act: fc.constantFrom('reserve', 'grow', 'shrink', 'seal', 'pin', 'unpin', 'drop'),
      pick: fc.nat(1000),
      bytes: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const size = 1000;
        const buffer = new BlobBuffer(size);
        // The model: what each held range's bytes must be, and how often it is pinned. 0 pins = reserved.
        const held = new Map<BlobRange, { mark: number; pins: number; filled: number }>();
        let mark = 0;
        const choose = (pick: number, fits: (pins: number) => boolean) => {
          const fitting = [...held].filter(([, { pins }]) => fits(pins));
          return fitting[pick % Math.max(1, fitting.length)];
        };
        for (const { act, pick, bytes } of steps) {
          if (act === 'reserve') {
            const range = buffer.reserve(bytes);
            mark = (mark + 1) % 251;
            if (range) held.set(range, { mark, pins: 0, filled: bytes });
            if (range) buffer.view(range).fill(mark);
          }
          const reserved = choose(pick, (pins) => pins === 0);
          const pinned = choose(pick, (pins) => pins > 0);
          if (act === 'grow' && reserved) buffer.grow(reserved[0], bytes);
          if (act === 'shrink' && reserved) {
            buffer.shrink(reserved[0], bytes);
            reserved[1].filled = Math.min(reserved[1].filled, reserved[0].bytes);
          }
          if (act === 'seal' && reserved) {
            buffer.seal(reserved[0], label(`k${pick % 7}`));
            reserved[1].pins = 1;
          }
          if (act === 'pin' && pinned) {
            buffer.pin(pinned[0]);
            pinned[1].pins += 1;
          }
          if (act === 'unpin' && pinned) {
            buffer.unpin(pinned[0]);
            pinned[1].pins -= 1;
            if (pinned[1].pins === 0) held.delete(pinned[0]);
          }
          if (act === 'drop' && reserved) {
            buffer.drop(reserved[0]);
            held.delete(reserved[0]);
          }

          const ranges = buffer.ranges;
          let end = 0;
          let free = 0;
          ranges.forEach((range, index) => {
            expect(range.start, 'no gap and no overlap').toBe(end);
            end += range.bytes;
            if (range.state === 'free') free += range.bytes;
            if (range.state === 'free') expect(ranges[index + 1]?.state, 'free ranges coalesce').not.toBe('free');
          });
          expect(end).toBe(size);
          expect(buffer.usage.usedBytes + free).toBe(size);
          for (const [range, { mark: expected, pins, filled }] of held) {
            expect(range.state).toBe(pins > 0 ? 'pinned' : 'reserved');
            expect(ranges).toContain(range);
            const bytesOfIt = buffer.view(range).subarray(0, filled);
            expect(bytesOfIt.every((byte) => byte === expected)).toBe(true);
          }
          const heldBytes = [...held.keys()].reduce((sum, range) => sum + range.bytes, 0);
          expect(buffer.usage.pinnedBytes).toBe(heldBytes);
        }
      }),
    );
  });
});

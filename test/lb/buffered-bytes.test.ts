import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { BufferedBytes } from '../../src/lb/buffered-bytes.ts';

/** As much of a response as is looked at. */
function fakeResponse() {
  const events = new EventEmitter();
  const state: { destroyed: boolean; timeoutMs: number | null; stall: () => void } = {
    destroyed: false,
    timeoutMs: null,
    stall: () => {},
  };
  const res = Object.assign(events, {
    destroy: () => {
      state.destroyed = true;
      events.emit('close');
    },
    setTimeout: (ms: number, onStall: () => void) => {
      state.timeoutMs = ms;
      state.stall = onStall;
    },
  }) as unknown as ServerResponse;
  return { res, state };
}

describe('bytes held for clients', () => {
  it('count until the client has them or is gone, and once', () => {
    const held = new BufferedBytes();
    const one = fakeResponse();
    const other = fakeResponse();
    held.hold(one.res, 100, 1000);
    held.hold(other.res, 50, 1000);
    expect(held.bytes).toBe(150);
    one.res.emit('close');
    one.res.emit('close');
    expect(held.bytes).toBe(50);
    other.res.emit('close');
    expect(held.bytes).toBe(0);
  });

  it('fit up to the bound, and not a byte beyond', () => {
    const held = new BufferedBytes();
    held.hold(fakeResponse().res, 60, 1000);
    expect(held.fits(40, 100)).toBe(true);
    expect(held.fits(41, 100)).toBe(false);
  });

  it('end with a client that takes nothing for too long', () => {
    const held = new BufferedBytes();
    const { res, state } = fakeResponse();
    held.hold(res, 100, 1234);
    expect(state.timeoutMs).toBe(1234);
    state.stall();
    expect([state.destroyed, held.bytes]).toEqual([true, 0]);
  });
});

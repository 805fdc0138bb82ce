import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openMasterChannel } from '../../src/ipc/channel.ts';
import type { Fact } from '../../src/ipc/messages.ts';

class Endpoint extends EventEmitter {
  open = true;
  sent: unknown[] = [];
  isConnected(): boolean {
    return this.open;
  }
  send(message: unknown): void {
    this.sent.push(message);
  }
}

describe('channel', () => {
  it('sends while it is open, and says so when it is not', async () => {
    const endpoint = new Endpoint();
    const channel = openMasterChannel(endpoint);
    void channel.send({ type: 'drain' });
    endpoint.open = false;
    void channel.send({ type: 'drain' });
    expect(endpoint.sent).toEqual([{ type: 'drain' }]);
  });

  it('hands on messages and drops what is none', () => {
    const endpoint = new Endpoint();
    const seen: Fact[] = [];
    openMasterChannel(endpoint).onMessage((fact) => seen.push(fact));
    for (const message of [null, 'x', 7, {}, { type: 3 }, { type: 'hello' }]) endpoint.emit('message', message);
    expect(seen).toEqual([{ type: 'hello' }]);
  });

  it('sends what can wait with the next message, in its order, or at the end of the turn', async () => {
    const endpoint = new Endpoint();
    const channel = openMasterChannel(endpoint);
    channel.sendSoon({ type: 'drain' });
    channel.sendSoon({ type: 'tell-metrics' });
    channel.send({ type: 'config-abort', revision: 2 });
    channel.sendSoon({ type: 'drain' });
    expect(endpoint.sent).toHaveLength(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(endpoint.sent).toHaveLength(2);

    const other = new Endpoint();
    const heard: string[] = [];
    openMasterChannel(other).onMessage(({ type }) => heard.push(type));
    for (const message of endpoint.sent) other.emit('message', message);
    expect(heard).toEqual(['drain', 'tell-metrics', 'config-abort', 'drain']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Order } from '../../src/ipc/messages.ts';
import { Entrance } from '../../src/master/entrance.ts';
import { namespace, testConfig } from './test-config.ts';

function open() {
  const sent: string[] = [];
  const orders: Order[] = [];
  const entrance = new Entrance((generation, order) => {
    orders.push(order);
    sent.push(`${order.type} ${generation}`);
  });
  return { entrance, sent, orders };
}
const old = testConfig();
const next = testConfig({}, { revision: 2 });

describe('entrance', () => {
  it('boots a child that says hello, and lets it in when it is ready', () => {
    const { entrance, sent } = open();
    entrance.hello(1, 'lb', old);
    expect(sent).toEqual(['boot 1']);
    expect(entrance.letIn(old)).toEqual([]);
    entrance.ready(1, 8080);
    expect(entrance.letIn(old)).toEqual([{ generation: 1, port: 8080 }]);
    expect(entrance.letIn(old)).toEqual([]);
  });

  it('lets nobody in with an old configuration: it is asked once to take the new one', () => {
    const { entrance, sent } = open();
    entrance.hello(1, 'worker', old);
    entrance.ready(1, null);
    expect(entrance.letIn(next)).toEqual([]);
    expect(entrance.letIn(next)).toEqual([]);
    entrance.prepared(1, 2);
    expect(sent).toEqual(['boot 1', 'config-prepare 1', 'config-commit 1']);
    expect(entrance.letIn(next)).toEqual([{ generation: 1, port: null }]);
  });

  it('asks again when yet another configuration has come', () => {
    const { entrance, sent } = open();
    const third = testConfig({}, { revision: 3 });
    entrance.hello(1, 'worker', old);
    entrance.ready(1, null);
    entrance.letIn(next);
    entrance.letIn(third);
    entrance.prepared(1, 2);
    expect(entrance.letIn(third)).toEqual([]);
    entrance.prepared(1, 3);
    expect(entrance.letIn(third)).toHaveLength(1);
    expect(sent).toEqual(['boot 1', 'config-prepare 1', 'config-prepare 1', 'config-commit 1']);
  });

  it('sends signing keys to lbs only', () => {
    const { entrance, orders } = open();
    const keyed = testConfig({}, { namespaces: { photos: { ...namespace, keys: [{ kid: 'a', secret: 'hush' }] } } });
    entrance.hello(1, 'lb', keyed);
    entrance.hello(2, 'worker', keyed);
    expect(orders.map((order) => JSON.stringify(order).includes('hush'))).toEqual([true, false]);
  });

  it('forgets who is gone', () => {
    const { entrance } = open();
    entrance.hello(1, 'lb', old);
    entrance.ready(1, 8080);
    entrance.gone(1);
    expect(entrance.letIn(old)).toEqual([]);
  });
});

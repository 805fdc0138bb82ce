import { describe, expect, it } from 'vitest';
import type { QuarantineEntry } from '../../src/ipc/messages.ts';
import { QuarantineView } from '../../src/lb/quarantine-view.ts';

const source = { ns: 'photos', key: 'bad.jpg' };
const entry = (over: Partial<QuarantineEntry>): QuarantineEntry => ({
  scope: 'operation',
  ...source,
  version: 'v1',
  operation: 'avif',
  untilMs: 1000,
  strikes: 2,
  ...over,
});

describe('quarantine as the lb sees it', () => {
  it('holds an operation and leaves the others of the same picture usable', () => {
    const view = new QuarantineView();
    view.replace([entry({})], []);
    expect(view.find(source, 'v1', 'avif', 0)).not.toBeNull();
    expect(view.find(source, 'v1', 'webp', 0)).toBeNull();
  });

  it('holds every operation of a quarantined source', () => {
    const view = new QuarantineView();
    view.replace([entry({ scope: 'source', operation: null })], []);
    expect(view.find(source, 'v1', 'anything', 0)).not.toBeNull();
    expect(view.find({ ...source, key: 'good.jpg' }, 'v1', 'anything', 0)).toBeNull();
  });

  it('lets another version through, and holds a source of which no version is known', () => {
    const view = new QuarantineView();
    view.replace([entry({})], []);
    expect(view.find(source, 'v2', 'avif', 0)).toBeNull();
    expect(view.find(source, null, 'avif', 0)).not.toBeNull();
  });

  it('ends by itself and is replaced as a whole', () => {
    const view = new QuarantineView();
    view.replace([entry({})], [{ ...source, version: 'v1' }]);
    expect(view.find(source, 'v1', 'avif', 1000)).toBeNull();
    expect(view.isStruck(source, 'v1')).toBe(true);
    expect(view.isStruck(source, 'v2')).toBe(false);
    view.replace([], []);
    expect(view.find(source, 'v1', 'avif', 0)).toBeNull();
    expect(view.isStruck(source, 'v1')).toBe(false);
  });
});

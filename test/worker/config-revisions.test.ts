import { describe, expect, it } from 'vitest';
import type { Config, OriginConfig } from '../../src/config/config.ts';
import { ConfigRevisions } from '../../src/worker/config-revisions.ts';
import { configOf, fakeStore, namespaceConfig, settle } from './fakes.ts';

function open() {
  const opened: string[] = [];
  const closed: string[] = [];
  const rootOf = (origin: OriginConfig) =>
    origin.kind === 'http' ? origin.baseUrl : origin.kind === 'file' ? origin.root : '';
  const revisions = new ConfigRevisions({
    openStore: (origin) => {
      opened.push(rootOf(origin));
      return {
        ...fakeStore(),
        close: async () => {
          closed.push(rootOf(origin));
        },
      };
    },
    loadAssets: async ({ revision }) => {
      if (revision === 13) throw new Error('the asset logo changed');
      return new Map();
    },
  });
  const at = (revision: number, root: string): Config => ({
    ...configOf({}, revision),
    namespaces: { photos: { ...namespaceConfig, origin: { kind: 'file', root }, limits: { jpegQuality: revision } } },
  });
  const use = async (revision: number, root: string) => {
    await revisions.prepare(at(revision, root));
    revisions.commit(revision);
  };
  return { revisions, at, use, opened, closed };
}

describe('ConfigRevisions', () => {
  it('uses nothing that is only prepared', async () => {
    const { revisions, at, use } = open();
    await use(1, '/a');
    await revisions.prepare(at(2, '/a'));
    expect(revisions.newest.config.revision).toBe(1);
    expect(revisions.commit(3)).toBe(false);
    expect(revisions.commit(2)).toBe(true);
    expect(revisions.newest.config.revision).toBe(2);
  });

  it('keeps the last two for orders that carry them, and gives the newest for others', async () => {
    const { revisions, use } = open();
    for (const revision of [1, 2, 3]) await use(revision, '/a');
    expect([1, 2, 3, 9].map((revision) => revisions.at(revision).config.revision)).toEqual([3, 2, 3, 3]);
  });

  it('joins the options of a namespace with the node’s', async () => {
    const { revisions, use } = open();
    await use(7, '/a');
    expect(revisions.newest.namespaces.get('photos')?.options).toMatchObject({ jpegQuality: 7, webpQuality: 75 });
  });

  it('keeps the store of an origin that did not change, and closes one when no revision has it', async () => {
    const { use, opened, closed } = open();
    await use(1, '/a');
    await use(2, '/a');
    await use(3, '/b');
    expect([opened, closed]).toEqual([['/a', '/b'], []]);
    await use(4, '/b');
    expect(closed).toEqual(['/a']);
  });

  it('closes what was opened for a configuration that does not come', async () => {
    const { revisions, at, use, closed } = open();
    await use(1, '/a');
    await revisions.prepare(at(2, '/b'));
    revisions.abort(2);
    expect([revisions.commit(2), closed]).toEqual([false, ['/b']]);
  });

  it('says what is wrong with a configuration, and keeps the old one', async () => {
    const { revisions, at, use } = open();
    await use(1, '/a');
    await expect(revisions.prepare(at(13, '/a'))).rejects.toThrow('the asset logo changed');
    expect(revisions.newest.config.revision).toBe(1);
  });

  it('closes every store at the end', async () => {
    const { revisions, use, closed } = open();
    await use(1, '/a');
    await use(2, '/b');
    await revisions.close();
    await settle();
    expect(closed.sort()).toEqual(['/a', '/b']);
  });
});

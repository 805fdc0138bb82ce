import fs from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Header, headerVersion } from '../../../src/plan/header.ts';
import { SourceTables, type TablesOptions } from '../../../src/store/results/persisted-tables.ts';
import { type FakeClock, fakeClock } from '../../helpers/fake-clock.ts';
import { temporaryFolder } from '../originals/contract.ts';
import { factsOf } from './samples.ts';

let folder: string;
let file: string;
let clock: FakeClock;
const opened: SourceTables[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
  file = path.join(folder, 'deep', 'tables.ndjson');
  clock = fakeClock();
});
afterEach(async () => {
  for (const tables of opened.splice(0)) await tables.close();
  await fs.rm(folder, { recursive: true });
});

const open = async (changes: Partial<TablesOptions> = {}): Promise<SourceTables> => {
  const tables = await SourceTables.open({ file, factsMax: 1000, aliasesMax: 1000, clock, ...changes });
  opened.push(tables);
  return tables;
};

const source = (number: number) => ({ ns: 'photos', key: `${number}.jpg` });
const alias = (number: number, version = 'v1') => ({
  ...source(number),
  version,
  derivation: `d${number}`,
  presets: number % 2 ? ['card'] : [],
});

const fill = (tables: SourceTables, count: number): void => {
  for (let number = 0; number < count; number++) {
    tables.facts.learn(source(number), factsOf('v1'), clock.nowMs());
    tables.aliases.learn(`r${number}`, alias(number));
  }
};

const factsLine = `${JSON.stringify(['f', 'photos', '1.jpg', factsOf('v1'), true])}\n`;

const lines = async (): Promise<string[]> =>
  (await fs.readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

describe('persisted tables', () => {
  it('take over what others wrote down, their own last, and write it down themselves', async () => {
    const other = await open();
    fill(other, 3);
    await other.close();
    const mine = path.join(folder, 'deep', 'mine.ndjson');
    const first = await open({ file: mine });
    first.facts.learn(source(1), factsOf('v2'), clock.nowMs());
    await first.close();
    const second = await open({ file: mine, alsoRead: [file, path.join(folder, 'missing.ndjson')] });
    expect(second.facts.get(source(1))?.version).toBe('v2');
    expect(second.aliases.get('r2', 'v1')?.derivation).toBe('d2');
    await second.close();
    const third = await open({ file: mine });
    expect(third.facts.size).toBe(3);
  });

  it('hold after a restart, but nothing is believed before it was revalidated', async () => {
    const first = await open();
    fill(first, 10);
    await first.close();
    const second = await open();
    expect(second.facts.size).toBe(10);
    expect(second.facts.get(source(3))).toEqual({
      version: 'v1',
      facts: factsOf('v1'),
      checkedAtMs: null,
    });
    expect(second.aliases.get('r5', 'v1')).toEqual(alias(5));
  });

  it('hold what came later, also over several restarts', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      const tables = await open();
      tables.facts.learn(source(1), factsOf(version), clock.nowMs());
      tables.aliases.learn('r1', alias(1, version));
      await tables.close();
    }
    const tables = await open();
    expect(tables.facts.get(source(1))?.version).toBe('v3');
    expect(tables.aliases.get('r1', 'v3')).not.toBeNull();
    expect(tables.aliases.get('r1', 'v2')).toBeNull();
  });

  it('do not write down what is missing or fails, and forget it with the rest', async () => {
    const tables = await open();
    tables.missing.learn(source(1), 0);
    tables.failures.learn(source(1), 'v1', { requestKey: 'op', operation: 'plain' }, { code: 'undecodable' }, 0);
    tables.purge({ by: 'source', ...source(1) });
    expect(tables.missing.has(source(1), 1000, 0)).toBe(false);
    expect(tables.failures.find(source(1), 'v1', { requestKey: 'op', operation: 'plain' }, 1000, 0)).toBeNull();
    tables.missing.learn(source(2), 0);
    tables.failures.learn(source(2), 'v1', { requestKey: 'op', operation: 'plain' }, { code: 'undecodable' }, 0);
    await tables.close();
    const again = await open();
    expect([again.missing.size, again.failures.size]).toEqual([0, 0]);
  });

  it.each([
    ['source', { by: 'source', ns: 'photos', key: '1.jpg' }, 1, 9, 9],
    ['namespace', { by: 'namespace', ns: 'photos' }, 10, 0, 0],
    ['preset', { by: 'preset', preset: 'card' }, 5, 10, 5],
  ] as const)('forget by %s, for good', async (_name, scope, gone, facts, aliases) => {
    const tables = await open();
    fill(tables, 10);
    await tables.flush();
    expect(tables.purge(scope)).toHaveLength(gone);
    await tables.close();
    const again = await open();
    expect([again.facts.size, again.aliases.size]).toEqual([facts, aliases]);
  });

  it('learn again what was purged, and keep it', async () => {
    const tables = await open();
    fill(tables, 2);
    tables.purge({ by: 'namespace', ns: 'photos' });
    fill(tables, 1);
    await tables.close();
    const again = await open();
    expect([again.facts.size, again.aliases.size]).toEqual([1, 1]);
  });

  it('skip a torn last line, and lose nothing that is written after it', async () => {
    const first = await open();
    fill(first, 3);
    await first.close();
    const whole = await fs.readFile(file);
    await fs.writeFile(file, whole.subarray(0, whole.length - 20));
    const second = await open();
    expect(second.facts.size).toBe(3);
    expect(second.aliases.size).toBe(2);
    second.aliases.learn('r7', alias(7));
    await second.close();
    const third = await open();
    expect(third.aliases.get('r7', 'v1')).toEqual(alias(7));
    expect(third.counters()).toMatchObject({ badLines: 1 });
  });

  it('read what they can of any torn journal', async () => {
    const first = await open();
    fill(first, 3);
    await first.close();
    const whole = await fs.readFile(file);
    for (let length = 0; length < whole.length; length += 7) {
      await fs.writeFile(file, whole.subarray(0, length));
      const tables = await open();
      const complete = whole.subarray(0, length).toString().split('\n').slice(0, -1);
      expect(tables.facts.size + tables.aliases.size).toBe(Math.max(0, complete.length - 1));
      await tables.close();
    }
  });

  it.each([
    ['nothing', ''],
    ['garbage', '\0\xff\n{}\n[]\n'],
    ['another version', `["pileus tables",2,${headerVersion}]\n${factsLine}`],
    ['headers of another version', `["pileus tables",1,${headerVersion - 1}]\n${factsLine}`],
    ['headers of no version', `["pileus tables",1]\n${factsLine}`],
    ['one endless line', 'x'.repeat(300_000)],
  ])('begin anew with a journal that holds %s', async (_name, content) => {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content);
    const tables = await open();
    expect(tables.facts.size).toBe(0);
    fill(tables, 1);
    await tables.close();
    expect((await open()).facts.size).toBe(1);
  });

  it('change their version with what a header holds', () => {
    const fields: Record<keyof Header, true> = {
      format: true,
      width: true,
      height: true,
      frames: true,
      orientation: true,
      alpha: true,
      bitsPerChannel: true,
      space: true,
      progressive: true,
      icc: true,
      quality: true,
      lossless: true,
      tiled: true,
      levels: true,
    };
    // A new field is a new line here, with the next version.
    const fieldCounts: Readonly<Record<number, number>> = { 1: 12, 2: 14 };
    expect(Object.keys(fields)).toHaveLength(fieldCounts[headerVersion] ?? 0);
  });

  it('skip lines that are not theirs', async () => {
    const first = await open();
    fill(first, 1);
    await first.close();
    await fs.appendFile(file, `${'y'.repeat(200_000)}\n`);
    for (const line of ['{', '[]', '["f"]', '["f","a","b",{},true]', '["a",1,2,3,4,5,6]', '["p",null]', 'null', '7']) {
      await fs.appendFile(file, `${line}\n`);
    }
    const second = await open();
    expect([second.facts.size, second.aliases.size]).toEqual([1, 1]);
    expect(second.counters()).toMatchObject({ badLines: 8, linesRead: 2 });
  });

  it('rewrite the journal when it has grown to more than twice what is live', async () => {
    const tables = await open();
    fill(tables, 10);
    await tables.flush();
    for (let round = 0; round < 60; round++) {
      for (let number = 0; number < 20; number++) {
        tables.facts.learn(source(number), factsOf(`v${round}`), clock.nowMs());
      }
      await tables.flush();
    }
    expect((await lines()).length).toBeLessThan(1200);
    expect(tables.counters()?.rewrites).toBeGreaterThan(1);
    await tables.close();
    const again = await open();
    expect([again.facts.size, again.aliases.size]).toEqual([20, 10]);
    expect(again.facts.get(source(7))?.version).toBe('v59');
  });

  it('keep the order of use over a rewrite', async () => {
    const tables = await open();
    fill(tables, 5);
    tables.facts.get(source(0));
    await tables.close();
    const smaller = await open({ factsMax: 2 });
    expect(smaller.facts.size).toBe(2);
    expect(smaller.facts.get(source(0))).not.toBeNull();
    expect(smaller.facts.get(source(1))).toBeNull();
  });

  it('go on without a disk, and write everything down when it is back', async () => {
    let isBroken = true;
    const tables = await open({
      fileSystem: {
        ...fs,
        open: async (...args) => {
          if (isBroken) throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
          return fs.open(...args);
        },
      },
    });
    fill(tables, 10);
    await tables.flush();
    await tables.flush();
    expect(tables.counters()?.writeErrors).toBe(1);
    expect(tables.facts.size).toBe(10);
    isBroken = false;
    clock.advance(30_000);
    await tables.flush();
    expect((await lines()).length).toBe(21);
  });

  it('are held in memory only where there is no file', async () => {
    const tables = await open({ file: null });
    fill(tables, 1);
    await tables.close();
    expect(await fs.readdir(folder)).toEqual([]);
    expect(tables.counters()).toBeNull();
  });
});

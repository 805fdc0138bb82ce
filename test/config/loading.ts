import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type Flags, type LoadResult, loadConfig } from '../../src/config/load-config.ts';
import type { Machine } from '../../src/config/machine.ts';
import { faultLine } from '../../src/config/place.ts';

/** A machine that is never short of anything. */
export const bigMachine: Machine = { cpus: 4, cpuQuota: null, memoryBytes: 2 ** 40, memoryFrom: 'total' };

/** A folder of its own with a `photos` folder in it, removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pileus-config-')));
  mkdirSync(join(folder, 'photos'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type Written = Readonly<{
  yaml?: string;
  env?: Readonly<Record<string, string>>;
  flags?: Flags;
  machine?: Machine;
  folder?: string;
}>;

/** Loads a configuration that is written into a folder as `pileus.yaml`. */
export async function load({ yaml, env = {}, flags = {}, machine = bigMachine, folder }: Written): Promise<LoadResult> {
  const cwd = folder ?? temporaryFolder();
  if (yaml !== undefined) writeFileSync(join(cwd, 'pileus.yaml'), yaml);
  return loadConfig({ file: yaml === undefined ? null : 'pileus.yaml', env, flags, revision: 1, cwd, machine });
}

/** The lines of a configuration's faults, none where it is right. */
export async function faultsOf(written: Written): Promise<readonly string[]> {
  const result = await load(written);
  return result.ok ? [] : result.faults.map(faultLine);
}

/** The configuration, which has to be right. */
export async function configOf(written: Written): Promise<Config> {
  const result = await load(written);
  if (!result.ok) throw new Error(result.faults.map(faultLine).join('\n'));
  return result.config;
}

/** The least that can be served. */
export const photos = 'namespaces: { photos: { origin: ./photos } }\n';

/** A grey PNG. */
export function png(width: number, height: number): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size[8] = 8;
  const rows = Buffer.alloc((width + 1) * height);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const checked = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(checked));
  return Buffer.concat([length, checked, check]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

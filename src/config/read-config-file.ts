import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { MiB } from '../shared/units.ts';
import { codeOf } from './folder.ts';
import type { Fault, Place } from './place.ts';
import { parseYamlFile } from './yaml-file.ts';

/** Largest configuration file. */
const fileBytesMax = 4 * MiB;

/** The file as places, and its text. */
export type ConfigFile = Readonly<{ name: string; root: Place; text: string }>;

/** Reads the configuration file; empty where there is none. In faults it is called by its path from `cwd`. */
export async function readConfigFile(path: string | null, cwd: string, faults: Fault[]): Promise<ConfigFile> {
  if (path === null) return { name: '', root: parseYamlFile('', '', faults), text: '' };
  const name = nameFrom(cwd, path);
  const read = await readTextUpTo(resolve(cwd, path), fileBytesMax);
  if (!read.ok) faults.push({ at: name, problem: read.problem });
  const text = read.ok ? read.text : '';
  return { name, root: parseYamlFile(text, name, faults), text };
}

/** As short as it can be said from `cwd`. */
function nameFrom(cwd: string, path: string): string {
  const short = relative(cwd, resolve(cwd, path));
  return isAbsolute(path) || short.startsWith('..') || short === '' ? path : short;
}

type Text = Readonly<{ ok: true; text: string } | { ok: false; problem: string }>;

async function readTextUpTo(path: string, bytesMax: number): Promise<Text> {
  const refuse = (problem: string): Text => ({ ok: false, problem });
  try {
    const found = await stat(path);
    if (!found.isFile()) return refuse('expected a file');
    if (found.size > bytesMax) return refuse(`expected at most ${bytesMax / MiB} MiB, found ${found.size} bytes`);
    return { ok: true, text: await readFile(path, 'utf8') };
  } catch (error) {
    return refuse(codeOf(error) === 'ENOENT' ? 'there is no such file' : 'the file cannot be read');
  }
}

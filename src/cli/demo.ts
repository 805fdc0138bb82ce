import { mkdir, readdir } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { loadConfig } from '../config/load-config.ts';
import { encodeKey } from '../dialects/native/source-key.ts';
import { type ConfigArguments, loadInputOf } from './config-flags.ts';
import { printFaults } from './print-faults.ts';
import type { Programs } from './programs.ts';
import { serve } from './serve.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** `pileus demo`: makes sample originals and serves them as the namespace `photos`, with the presets of no file. */
export async function demo(
  folder: string,
  options: ConfigArguments['options'],
  terminal: Terminal,
  programs: Programs,
): Promise<number> {
  const samples = resolve(terminal.cwd, folder);
  await mkdir(samples, { recursive: true });
  // A demo is about its samples: neither a file of this folder nor one of the environment has a say in it.
  const { PILEUS_CONFIG: _, ...env } = terminal.env;
  const given = { folders: [`photos=${samples}`], options };
  const result = await loadConfig({ ...loadInputOf(given, { ...terminal, env }), revision: 1 });
  if (!result.ok) {
    printFaults(result.faults, terminal.err);
    return exitCodes.failed;
  }
  await programs.makeSampleOriginals(samples);
  const paths = pathsToTry(await namesIn(samples));
  return serve(given, { ...terminal, env }, programs, ({ host, port }) => {
    terminal.out(`sample originals are in ${samples}; try:`);
    for (const path of paths) terminal.out(`  http://${hostInUrl(host)}:${port}${path}`);
  });
}

const namesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() && !entry.name.startsWith('.') ? [entry.name] : [])).sort();
};

/** What can be asked of one photo, then a thumbnail of each other sample. */
function pathsToTry(names: readonly string[]): readonly string[] {
  const photo = names.find((name) => ['.jpg', '.jpeg'].includes(extname(name))) ?? names[0];
  if (photo === undefined) return [];
  const plans = [
    'card.auto',
    'm_cover,w_300,h_200.webp',
    'hero,dpr_2.avif',
    'info.json',
    'explain,w_640.json',
    'orig.jpg',
  ];
  const others = names.filter((name) => name !== photo);
  return [...plans.map((plan) => pathOf(photo, plan)), ...others.map((name) => pathOf(name, 'thumb.webp'))];
}

const pathOf = (name: string, plan: string): string => `/photos/${encodeKey(name)}/~${plan}`;

const hostInUrl = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;

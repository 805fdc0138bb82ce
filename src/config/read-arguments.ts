import { resolve } from 'node:path';
import type { NamespaceConfig } from './config.ts';
import type { CheckFolder } from './folder.ts';
import type { Fault } from './place.ts';
import { namespaceNameProblem, plainNamespace } from './read-namespace.ts';
import { parseBaseUrl } from './read-origin.ts';

/** Namespaces that the command line names: `./photos`, `name=./folder`, `--origin name=https://host/path/`. */
export async function readArguments(
  folders: readonly string[],
  origins: readonly string[],
  { cwd, checkFolder }: Readonly<{ cwd: string; checkFolder: CheckFolder }>,
  faults: Fault[],
): Promise<readonly NamespaceConfig[]> {
  const namespaces: NamespaceConfig[] = [];
  for (const argument of folders) {
    const namespace = await readFolder(argument, folders.length, (path) => checkFolder(resolve(cwd, path)));
    if (typeof namespace === 'string') faults.push({ at: argument, problem: namespace });
    else namespaces.push(namespace);
  }
  for (const argument of origins) {
    const namespace = readOriginFlag(argument);
    if (typeof namespace === 'string') faults.push({ at: `--origin ${withoutSecrets(argument)}`, problem: namespace });
    else namespaces.push(namespace);
  }
  const names = namespaces.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
    faults.push({ at: 'command line', problem: `the namespace ${name} is named twice` });
  }
  return namespaces;
}

async function readFolder(
  argument: string,
  count: number,
  checkFolder: CheckFolder,
): Promise<NamespaceConfig | string> {
  const [name, path] = splitName(argument);
  if (name === null && count > 1) return `several folders need names, for example photos=${argument}`;
  const problem = name === null ? null : namespaceNameProblem(name);
  if (problem !== null) return problem;
  const folder = await checkFolder(path);
  return folder.ok ? plainNamespace(name ?? 'photos', { kind: 'file', root: folder.path }) : folder.problem;
}

function readOriginFlag(argument: string): NamespaceConfig | string {
  const [name, url] = splitName(argument);
  if (name === null) return 'expected name=https://host/path/';
  const problem = namespaceNameProblem(name);
  if (problem !== null) return problem;
  const base = parseBaseUrl(url);
  if (!base.ok) return base.problem;
  const { url: baseUrl, ownAddresses: allowAddresses } = base;
  return plainNamespace(name, { kind: 'http', baseUrl, headers: {}, redirectHosts: [], allowAddresses });
}

/** A URL as a fault repeats it: neither user and password nor a query. */
const withoutSecrets = (argument: string): string =>
  argument.replace(/\/\/[^/]*@/, '//...@').replace(/[?#].*$/s, '?...');

/** A name before the first `=`, where no slash or dot stands before it. */
function splitName(argument: string): readonly [string | null, string] {
  const [, name, rest] = /^([^=/.]+)=(.*)$/s.exec(argument) ?? [];
  return name === undefined || rest === undefined ? [null, argument] : [name, rest];
}

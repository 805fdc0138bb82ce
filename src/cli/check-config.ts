import type { Config, NamespaceConfig, OriginConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { type ConfigArguments, loadInputOf } from './config-flags.ts';
import { printFaults } from './print-faults.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** `pileus check-config`: every fault, or what would be served. */
export async function checkConfig(given: ConfigArguments, terminal: Terminal): Promise<number> {
  const input = loadInputOf(given, terminal);
  const result = await loadConfig({ ...input, revision: 1 });
  if (!result.ok) {
    printFaults(result.faults, terminal.out);
    return exitCodes.failed;
  }
  terminal.out(`${input.file ?? 'the configuration'}: no faults`);
  for (const line of summary(result.config)) terminal.out(line);
  for (const note of result.notes) terminal.out(`note: ${note}`);
  return exitCodes.done;
}

function summary({ options, namespaces, presets, assets }: Config): readonly string[] {
  const names = (members: Readonly<Record<string, unknown>>): string => Object.keys(members).join(', ') || 'none';
  return [
    `listeners: ${options.host}:${options.port}, admin ${options.adminHost}:${options.adminPort}`,
    `processes: ${options.workers} workers, ${options.lbs} lb`,
    ...Object.values(namespaces).map(namespaceLine),
    `presets: ${names(presets)}`,
    `assets: ${names(assets)}`,
  ];
}

function originPlace(origin: OriginConfig): string {
  if (origin.kind === 'url') return 'any host';
  return origin.kind === 'file' ? origin.root : origin.baseUrl;
}

function namespaceLine({ name, origin, presets, keys }: NamespaceConfig): string {
  const place = originPlace(origin);
  const allowed = presets === 'all' ? 'all presets' : `presets ${presets.join(', ') || 'none'}`;
  const signing = keys.length === 0 ? 'no keys' : `keys ${keys.map(({ kid }) => kid).join(', ')}`;
  return `namespace ${name}: ${origin.kind} ${place}, ${allowed}, ${signing}`;
}

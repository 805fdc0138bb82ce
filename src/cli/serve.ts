import { loadConfig } from '../config/load-config.ts';
import type { ReadyInfo } from '../master/master.ts';
import { type ConfigArguments, loadInputOf } from './config-flags.ts';
import { printFaults } from './print-faults.ts';
import type { Programs } from './programs.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** `pileus serve`: loads the configuration and hands over to the master until it ends. `onReady`: it serves. */
export async function serve(
  given: ConfigArguments,
  terminal: Terminal,
  programs: Programs,
  onReady: (ready: ReadyInfo) => void = () => {},
): Promise<number> {
  const input = loadInputOf(given, terminal);
  let revision = 1;
  const first = await loadConfig({ ...input, revision });
  if (!first.ok) {
    printFaults(first.faults, terminal.err);
    return exitCodes.failed;
  }
  const reload = () => {
    revision += 1;
    return loadConfig({ ...input, revision });
  };
  const source = input.file === null ? [] : [`configuration from ${input.file}`];
  return programs.runMaster({ config: first.config, reload, notes: [...source, ...first.notes], onReady });
}

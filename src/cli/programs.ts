import type { Config } from '../config/config.ts';
import type { LoadResult } from '../config/load-config.ts';

/** What the master starts with. */
export type MasterStart = Readonly<{
  config: Config;
  /** Reads file and environment again, for SIGHUP and SIGUSR2. */
  reload: () => Promise<LoadResult>;
  notes: readonly string[];
}>;

/** What commands run beside themselves; a test gives its own. */
export type Programs = Readonly<{
  /** Serves until told to stop; gives the exit code. */
  runMaster: (start: MasterStart) => Promise<number>;
  /** Makes sample originals in a folder that exists. */
  makeSampleOriginals: (folder: string) => Promise<unknown>;
}>;

/** Loaded when they are called, so that a command loads only what it needs (`check-config` no sharp). */
export const programs: Programs = {
  runMaster: async (start) => (await import('../master/master.ts')).runMaster(start),
  makeSampleOriginals: async (folder) => (await import('../demo/make-originals.ts')).makeSampleOriginals(folder),
};

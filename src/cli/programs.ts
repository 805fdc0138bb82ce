import type { MasterStart } from '../master/master.ts';

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

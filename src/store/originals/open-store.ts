import type { OriginConfig } from '../../config/config.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Resolve } from './checked-connect.ts';
import { FileStore } from './file-store.ts';
import type { FileSystem } from './file-system.ts';
import { HttpStore } from './http-store.ts';
import type { OriginalStore } from './original-store.ts';

export type OriginalStoreDeps = Readonly<{
  clock: Clock;
  /** Stand-ins for the file system and the resolver, for tests. */
  fileSystem?: FileSystem;
  resolve?: Resolve;
}>;

/** The store behind a namespace's origin. The caller closes it. */
export function openOriginalStore(origin: OriginConfig, deps: OriginalStoreDeps): OriginalStore {
  switch (origin.kind) {
    case 'file':
      return new FileStore(origin.root, deps.clock, deps.fileSystem);
    case 'http':
    case 'url':
      return new HttpStore(origin, deps.clock, deps.resolve);
  }
}

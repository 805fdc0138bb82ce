import fs, { type BigIntStats } from 'node:fs';

/**
 * What the file store needs of the file system; passed in so that stalls and changes can be staged.
 *
 * Every call that may wait for a disk or a network goes to a thread of libuv. Each such way there and back costs a busy
 * machine some 0.15 ms (docs/decisions/0010), so what the kernel answers out of its own memory is asked for at once:
 * where a descriptor leads, what has just been opened, and the end of a file that was only read.
 */
export type FileSystem = Readonly<{
  open: (path: string, flags: number) => Promise<number>;
  stat: (fd: number) => Promise<BigIntStats>;
  /** Of a descriptor that was opened or asked within `attributesFreshMs`. */
  statFresh: (fd: number) => BigIntStats;
  /** Into the begin of `into`; gives how many, 0 at the end. */
  read: (fd: number, into: Buffer, bytes: number, position: number) => Promise<number>;
  /** Where the kernel says that a descriptor leads; throws without /proc. */
  pathOf: (fd: number) => string;
  realpath: (path: string) => Promise<string>;
  close: (fd: number) => void;
}>;

/** Network file systems keep attributes for at least a second (CIFS 1 s, NFS 3 s); local ones have them in memory. */
export const attributesFreshMs = 500;

export const systemFiles: FileSystem = {
  open: (path, flags) =>
    new Promise((resolve, reject) => {
      fs.open(path, flags, (error, fd) => (error ? reject(error) : resolve(fd)));
    }),
  stat: (fd) =>
    new Promise((resolve, reject) => {
      fs.fstat(fd, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats)));
    }),
  statFresh: (fd) => fs.fstatSync(fd, { bigint: true }),
  read: (fd, into, bytes, position) =>
    new Promise((resolve, reject) => {
      fs.read(fd, into, 0, bytes, position, (error, count) => (error ? reject(error) : resolve(count)));
    }),
  pathOf: (fd) => fs.readlinkSync(`/proc/self/fd/${fd}`),
  realpath: fs.promises.realpath,
  close: (fd) => {
    try {
      fs.closeSync(fd);
    } catch {
      // Gone it is in any case.
    }
  },
};

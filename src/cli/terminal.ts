/** What a command sees of the shell it was typed into. */
export type Terminal = Readonly<{
  out: (line: string) => void;
  err: (line: string) => void;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}>;

/** 0: done; 1: it could not be done; 2: it was not understood. */
export const exitCodes = { done: 0, failed: 1, misunderstood: 2 } as const;

export const systemTerminal: Terminal = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  env: process.env,
  cwd: process.cwd(),
};

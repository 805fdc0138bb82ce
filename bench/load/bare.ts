import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The least that node:http can do: one body of so many bytes for everything. What a hit costs is to be compared with it. */
export async function startBareServer(bytes: number): Promise<{ port: number; pid: number; stop: () => void }> {
  const child = fork(fileURLToPath(new URL('./bare-server.js', import.meta.url)), [String(bytes)]);
  const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(message as number)));
  return { port, pid: child.pid as number, stop: () => child.kill('SIGKILL') };
}

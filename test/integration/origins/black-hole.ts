import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A port on 127.0.0.1 where connecting neither succeeds nor fails. */
export type BlackHole = Readonly<{ url: string; close: () => Promise<void> }>;

const listener = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));
`;
/** Far more than the kernel makes of a backlog of 1. */
const fillersMax = 64;
/** A connection on loopback that is not there by now is not coming. */
const patienceMs = 300;

/**
 * A listener whose process is stopped and whose backlog is full: the kernel drops what comes then without a word, as a
 * firewall does.
 */
export async function startBlackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await portOf(child);
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  while (fillers.length < fillersMax) {
    const filler = connect(port, '127.0.0.1');
    filler.on('error', () => {});
    fillers.push(filler);
    if (!(await connects(filler))) break;
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      for (const filler of fillers) filler.destroy();
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('no output');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return Number(line.toString());
}

const connects = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });

import net from 'node:net';

/**
 * Asks for one path again and again over raw sockets, as cheaply as possible, so that the server's CPU is what is
 * measured and not the client's. One request at a time per socket; gives how many answers came.
 */
export async function rawLoop(
  port: number,
  path: string,
  sockets: number,
  requests: number,
  headers = '',
): Promise<number> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: bench\r\n${headers}\r\n`);
  let done = 0;
  const lane = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
      let missing = -1;
      socket.on('data', (chunk) => {
        if (missing < 0) missing = answerBytes(chunk);
        missing -= chunk.length;
        if (missing > 0) return;
        missing = -1;
        done++;
        if (done < requests) socket.write(request);
        else socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve());
    });
  await Promise.all(Array.from({ length: sockets }, lane));
  return done;
}

/** Length of a whole answer by its first chunk, which holds the header. */
function answerBytes(chunk: Buffer): number {
  const headerEnd = chunk.indexOf('\r\n\r\n');
  if (headerEnd < 0) throw new Error('The first chunk holds no whole header.');
  const length = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, headerEnd));
  return headerEnd + 4 + Number(length?.[1] ?? 0);
}

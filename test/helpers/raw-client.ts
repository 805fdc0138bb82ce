import net from 'node:net';

/** What came back on a bare socket. */
export type RawReply = Readonly<{
  text: string;
  /** Status lines, in the order in which they came. */
  statuses: readonly number[];
  /** The server ended the connection, or broke it. */
  closed: boolean;
}>;

export type RawOptions = Readonly<{
  /** Ends the wait; a connection that is still open by then is reported as such, and cut. */
  withinMs?: number;
  /** Close our half after writing. */
  end?: boolean;
}>;

/** Writes bytes to a fresh connection as they are, past any client's honesty, and reads until the server closes it. */
export function sendRaw(port: number, bytes: string | Buffer, options: RawOptions = {}): Promise<RawReply> {
  const { withinMs = 15_000, end = false } = options;
  return new Promise((resolve) => {
    let text = '';
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ text, statuses, closed });
    };
    const socket = net.connect(port, '127.0.0.1', () => {
      if (end) socket.end(bytes);
      else socket.write(bytes);
    });
    const timer = setTimeout(() => finish(false), withinMs);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => finish(true));
  });
}

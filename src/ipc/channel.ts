import type { Fact, Order } from './messages.ts';

/** One end of the channel between the master and a child. Sending to a closed end is no error: the exit event tells. */
export type Channel<Out, In> = Readonly<{
  /** False when the channel is closed. `onSent` is called once the message is on its way, or can no longer be. */
  send: (message: Out, onSent?: () => void) => boolean;
  /** Sends it with the next message, or at the end of this turn of the event loop: each message wakes the other end. */
  sendSoon: (message: Out) => void;
  onMessage: (listener: (message: In) => void) => void;
  onDisconnect: (listener: () => void) => void;
}>;

export type ChildChannel = Channel<Fact, Order>;
export type MasterChannel = Channel<Order, Fact>;

/** The shape that `process` (in a child) and `cluster.Worker` (in the master) share. */
type Endpoint = {
  connected?: boolean;
  isConnected?: () => boolean;
  send?: (message: never, callback: (error: Error | null) => void) => unknown;
  on: (event: 'message' | 'disconnect', listener: (message: unknown) => void) => unknown;
};

/** Messages that were sent together, in their order. */
type Batch = Readonly<{ type: 'batch'; messages: readonly unknown[] }>;

const isMessage = (message: unknown): message is { type: string } =>
  typeof message === 'object' && message !== null && typeof (message as { type?: unknown }).type === 'string';

/** Makes a typed channel of one end. Messages are trusted after their shape: both ends are this very build. */
function openChannel<Out, In>(endpoint: Endpoint): Channel<Out, In> {
  let soon: Out[] = [];

  function send(message: Out, onSent: () => void = () => {}): boolean {
    const open = endpoint.isConnected ? endpoint.isConnected() : endpoint.connected === true;
    if (!open || !endpoint.send) {
      onSent();
      return false;
    }
    const whole = soon.length === 0 ? message : ({ type: 'batch', messages: [...soon, message] } satisfies Batch);
    soon = [];
    // A message that cannot be delivered any more (EPIPE) is as good as unsent.
    endpoint.send(whole as never, () => onSent());
    return true;
  }

  const flush = (): void => {
    const last = soon.pop();
    if (last !== undefined) send(last);
  };

  return {
    send,
    sendSoon(message) {
      if (soon.length === 0) setImmediate(flush);
      soon.push(message);
    },
    onMessage(listener) {
      endpoint.on('message', (message) => {
        if (!isMessage(message)) return;
        const messages = message.type === 'batch' ? (message as Batch).messages : [message];
        for (const each of messages) if (isMessage(each)) listener(each as In);
      });
    },
    onDisconnect(listener) {
      endpoint.on('disconnect', () => listener());
    },
  };
}

/** The child's end. */
export const openChildChannel = (endpoint: NodeJS.Process = process): ChildChannel =>
  openChannel<Fact, Order>(endpoint as unknown as Endpoint);

/** The master's end of one child. */
export const openMasterChannel = (endpoint: Endpoint): MasterChannel => openChannel<Order, Fact>(endpoint);

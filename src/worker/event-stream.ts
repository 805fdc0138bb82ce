import type { ServerResponse } from 'node:http';
import type { WorkerEvent } from '../ipc/order.ts';
import { MiB } from '../shared/units.ts';

/** Streams to lbs; more than there can be lbs, old and new. */
const streamsMax = 32;
/** A reader that lets so much pile up is cut off; it will come back. */
const backlogBytesMax = MiB;

/** Tells every lb that listens what happens here, as it happens: one JSON object a line. */
export class EventStream {
  readonly #readers = new Set<ServerResponse>();

  /** Begins a stream. False when there are too many. */
  open(response: ServerResponse): boolean {
    if (this.#readers.size >= streamsMax) return false;
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
    return true;
  }

  tell(event: WorkerEvent): void {
    if (this.#readers.size === 0) return;
    const line = `${JSON.stringify(event)}\n`;
    for (const reader of this.#readers) {
      if (reader.writableLength + line.length > backlogBytesMax) reader.destroy();
      else reader.write(line);
    }
  }

  close(): void {
    for (const reader of this.#readers) reader.end();
  }
}

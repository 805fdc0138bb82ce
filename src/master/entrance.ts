import type { Config } from '../config/config.ts';
import type { Order, Role } from '../ipc/messages.ts';
import { configFor } from './config-rollout.ts';

/** A child between its first word and its place in service. */
type Arrival = {
  readonly role: Role;
  revision: number;
  ready: Readonly<{ port: number | null }> | null;
  asked: number | null;
};

/**
 * Nobody serves with an old configuration: a child that was still starting when a new one came into force is asked to
 * take it before it is let in. One that refuses, or stays silent, is a failed start like any other.
 */
export class Entrance {
  readonly #send: (generation: number, order: Order) => void;
  readonly #arrivals = new Map<number, Arrival>();

  constructor(send: (generation: number, order: Order) => void) {
    this.#send = send;
  }

  /** A child says hello and is sent its configuration. */
  hello(generation: number, role: Role, config: Config): void {
    this.#arrivals.set(generation, { role, revision: config.revision, ready: null, asked: null });
    this.#send(generation, { type: 'boot', config: configFor(role, config) });
  }

  ready(generation: number, port: number | null): void {
    const arrival = this.#arrivals.get(generation);
    if (arrival) arrival.ready = { port };
  }

  prepared(generation: number, revision: number): void {
    const arrival = this.#arrivals.get(generation);
    if (arrival?.asked !== revision) return;
    arrival.asked = null;
    arrival.revision = revision;
    this.#send(generation, { type: 'config-commit', revision });
  }

  gone(generation: number): void {
    this.#arrivals.delete(generation);
  }

  /** Once a turn, while no configuration is being agreed on: who may serve now. Asks those who may not yet. */
  letIn(current: Config): readonly Readonly<{ generation: number; port: number | null }>[] {
    const admitted: { generation: number; port: number | null }[] = [];
    for (const [generation, arrival] of this.#arrivals) {
      if (arrival.ready === null) continue;
      if (arrival.revision === current.revision) {
        this.#arrivals.delete(generation);
        admitted.push({ generation, port: arrival.ready.port });
      } else if (arrival.asked !== current.revision) {
        arrival.asked = current.revision;
        this.#send(generation, { type: 'config-prepare', config: configFor(arrival.role, current) });
      }
    }
    return admitted;
  }
}

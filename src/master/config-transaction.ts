/**
 * A new configuration reaches every child or none: prepare to all, commit after every acknowledgement; one refusal,
 * or silence, and the old one stays. A child that dies meanwhile needs no longer be asked: the one after it boots
 * with whatever is in force by then.
 */
export type Verdict = Readonly<{ commit: true }> | Readonly<{ commit: false; reason: string }>;

export const silenceMsMax = 2000;

/** Collects the answers of one phase. Pure: the edge sends, and asks for the verdict. */
export class ConfigTransaction {
  readonly revision: number;
  readonly byMs: number;
  readonly #waitingFor: Map<number, string>;
  #refusal: string | undefined;

  /** `children`: name of each child that is asked, by generation. */
  constructor(revision: number, children: ReadonlyMap<number, string>, nowMs: number) {
    this.revision = revision;
    this.byMs = nowMs + silenceMsMax;
    this.#waitingFor = new Map(children);
  }

  /** A child has it. Answers about another revision, or of children that were not asked, mean nothing. */
  acknowledged(generation: number, revision: number): void {
    if (revision === this.revision) this.#waitingFor.delete(generation);
  }

  refused(generation: number, revision: number, reason: string): void {
    const name = this.#waitingFor.get(generation);
    if (revision === this.revision && name !== undefined) this.#refusal ??= `${name} refuses it: ${reason}`;
  }

  gone(generation: number): void {
    this.#waitingFor.delete(generation);
  }

  /** null: not decided yet. */
  verdict(nowMs: number): Verdict | null {
    if (this.#refusal !== undefined) return { commit: false, reason: this.#refusal };
    if (this.#waitingFor.size === 0) return { commit: true };
    if (nowMs < this.byMs) return null;
    return {
      commit: false,
      reason: `no answer from ${[...this.#waitingFor.values()].join(', ')} in ${silenceMsMax} ms`,
    };
  }
}

import { PileusError } from '../../shared/errors.ts';
import { badValue } from '../native/values.ts';
import { readNumber, readWhole } from '../read-number.ts';

/** The arguments of one filter, decoded, taken one after the other. */
export class Arguments {
  readonly #name: string;
  readonly #values: readonly string[];
  #at = 0;

  constructor(name: string, values: readonly string[]) {
    this.#name = name;
    this.#values = values;
  }

  /** How many are left. */
  get left(): number {
    return this.#values.length - this.#at;
  }

  /** The next one; `fallback` where it is left out. Throws bad_value where there is neither. */
  text(fallback?: string): string {
    const value = this.#values[this.#at]?.trim() ?? fallback;
    if (value === undefined) {
      throw new PileusError('bad_value', { detail: `\`${this.#name}\` needs more arguments.` });
    }
    this.#at += 1;
    return value;
  }

  whole(min: number, max: number, fallback?: number): number {
    return readWhole(this.text(fallback?.toString()), this.#name, min, max);
  }

  number(min: number, max: number, fallback?: number): number {
    return readNumber(this.text(fallback?.toString()), this.#name, min, max);
  }

  flag(fallback: boolean): boolean {
    const raw = this.text(String(fallback)).toLowerCase();
    if (raw === 'true' || raw === '1') return true;
    if (raw === 'false' || raw === '0') return false;
    throw this.bad('true or false', raw);
  }

  bad(expected: string, raw: string): PileusError {
    return badValue(this.#name, expected, raw);
  }

  /** Throws bad_value where some are left over. */
  end(): void {
    if (this.left > 0) throw new PileusError('bad_value', { detail: `\`${this.#name}\` has too many arguments.` });
  }
}

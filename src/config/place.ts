import { hint } from './closest-name.ts';

/** One thing that is wrong with a configuration: where it stands, and what is wrong there. */
export type Fault = Readonly<{
  /** `pileus.yaml:12`, `PILEUS_PORT`, `--port`, or `configuration` where nothing was written. */
  at: string;
  problem: string;
}>;

export const faultLine = (fault: Fault): string => `${fault.at}: ${fault.problem}`;

/** What a reader gives in place of a value that it has reported. */
export const faulty: unique symbol = Symbol('faulty');
export type Faulty = typeof faulty;

export const isRight = <Value>(value: Value | Faulty): value is Value => value !== faulty;

export type Path = readonly (string | number)[];

/** Longest piece of a value that a fault repeats. */
const shownLengthMax = 60;

/**
 * A value of the configuration file together with where it stands. Readers take a Place, report what is wrong
 * with it and go on, so that every fault is known at once.
 */
export class Place {
  readonly value: unknown;
  readonly path: Path;
  readonly #lineOf: (path: Path) => string;
  readonly #faults: Fault[];
  readonly #isSecret: boolean;

  constructor(value: unknown, path: Path, lineOf: (path: Path) => string, faults: Fault[], isSecret = false) {
    this.value = value;
    this.path = path;
    this.#lineOf = lineOf;
    this.#faults = faults;
    this.#isSecret = isSecret;
  }

  /** The same place, of which faults tell only the type and the length, and so for all its members. */
  secret(): Place {
    return new Place(this.value, this.path, this.#lineOf, this.#faults, true);
  }

  /** The place of a member: of a mapping by name, of a list by index. */
  at(name: string | number): Place {
    const members: unknown = this.value;
    const has = typeof members === 'object' && members !== null && Object.hasOwn(members, name);
    const value = has ? (members as Readonly<Record<string | number, unknown>>)[name] : undefined;
    return new Place(value, [...this.path, name], this.#lineOf, this.#faults, this.#isSecret);
  }

  /** File and line. */
  get where(): string {
    return this.#lineOf(this.path);
  }

  fault(problem: string): Faulty {
    const name = dotted(this.path);
    this.#faults.push({ at: this.where, problem: name === '' ? problem : `${name}: ${problem}` });
    return faulty;
  }

  /** What is wrong with a member's name: at the line of the name, without repeating it. */
  nameFault(name: string, problem: string): Faulty {
    this.#faults.push({ at: this.#lineOf([...this.path, name]), problem: `${dotted(this.path)}: ${problem}` });
    return faulty;
  }

  expected(what: string): Faulty {
    if (this.value === undefined) return this.fault(`missing: ${what}`);
    return this.fault(`expected ${what}, found ${this.#isSecret ? kindOf(this.value) : show(this.value)}`);
  }

  /** Members of a mapping by name. What is not among `names` is a fault, with the name that was probably meant. */
  mapping(names: readonly string[], what = `a mapping of ${names.join(', ')}`): Fields | Faulty {
    if (!isMapping(this.value)) return this.expected(what);
    for (const name of Object.keys(this.value)) {
      if (names.includes(name)) continue;
      const inside = this.path.length === 0 ? '' : ` in ${dotted(this.path)}`;
      this.#faults.push({
        at: this.#lineOf([...this.path, name]),
        problem: `unknown option${this.#isSecret ? '' : ` \`${name}\``}${inside}${hint(name, names)}`,
      });
    }
    return new Fields(this);
  }

  /** The members of a mapping whose names the user chooses; none where nothing is written. */
  entries(what: string): readonly (readonly [string, Place])[] | Faulty {
    if (this.value === undefined || this.value === null) return [];
    if (!isMapping(this.value)) return this.expected(`a mapping of ${what}`);
    return Object.keys(this.value).map((name) => [name, this.at(name)] as const);
  }

  /** Reads every member of a list. Faulty when one of them is. */
  list<Value>(what: string, read: (place: Place) => Value | Faulty): readonly Value[] | Faulty {
    if (!Array.isArray(this.value)) return this.expected(`a list of ${what}`);
    const values = this.value.map((_, index) => read(this.at(index)));
    return values.every(isRight) ? values : faulty;
  }

  text(what: string, pattern?: RegExp): string | Faulty {
    if (typeof this.value !== 'string') return this.expected(what);
    return pattern === undefined || pattern.test(this.value) ? this.value : this.expected(what);
  }

  flag(): boolean | Faulty {
    return typeof this.value === 'boolean' ? this.value : this.expected('true or false');
  }

  whole(min: number, max: number): number | Faulty {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.expected(`a whole number from ${min} to ${max}`);
  }

  oneOf<Value extends string>(values: readonly Value[]): Value | Faulty {
    return values.find((value) => value === this.value) ?? this.expected(`one of ${values.join(', ')}`);
  }
}

/** The members of a mapping, each read once. */
export class Fields {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  has(name: string): boolean {
    return this.#place.at(name).value !== undefined;
  }

  place(name: string): Place {
    return this.#place.at(name);
  }

  /** Reads a member, or gives `absent` where it is not written. */
  read<Value>(name: string, absent: Value, read: (place: Place) => Value | Faulty): Value | Faulty {
    return this.has(name) ? read(this.#place.at(name)) : absent;
  }
}

/** A value as a fault repeats it: short, on one line. What holds others may hold secrets, so it is never repeated. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kindOf(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}...`;
}

/** Type and length, and nothing of what it is. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMapping(value)) return `a mapping of ${Object.keys(value).length}`;
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return value === null ? 'nothing' : `a ${typeof value}`;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const dotted = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');

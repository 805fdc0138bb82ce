import type { PurgeScope } from '../../ipc/messages.ts';
import { headerVersion, type SourceFacts } from '../../plan/header.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Alias, AliasTable } from './alias-table.ts';
import { FactsTable } from './facts-table.ts';
import { FailureTable } from './failure-table.ts';
import { Journal, type JournalCounters, type JournalFileSystem } from './journal.ts';
import { MissingTable } from './missing-table.ts';

export type TablesOptions = Readonly<{
  /** Where facts and aliases outlive the process, one file a process; null: they do not. */
  file: string | null;
  /** Journals of others that are read as well, oldest first: what they know is taken over. */
  alsoRead?: readonly string[];
  factsMax: number;
  aliasesMax: number;
  clock: Clock;
  fileSystem?: JournalFileSystem;
}>;

const flushEveryMs = 1000;
const shortLivedMax = 10_000;
/** Version of the lines below. */
const linesVersion = 2;
const title = JSON.stringify(['pileus tables', linesVersion, headerVersion]);

/**
 * The tables of the lb that join the keys: what is known of sources, where request keys lead, and the short memories of what is
 * missing and what fails. The first two are written down; after a restart they hold, but every source
 * has to be revalidated once before it is believed.
 */
export class SourceTables {
  readonly facts: FactsTable;
  readonly aliases: AliasTable;
  readonly missing = new MissingTable(shortLivedMax);
  readonly failures = new FailureTable(shortLivedMax);
  readonly #journal: Journal | null;
  readonly #alsoRead: readonly string[];
  #timer: NodeJS.Timeout | undefined;

  /** Resolves when all that was written down is back. */
  static async open(options: TablesOptions): Promise<SourceTables> {
    const tables = new SourceTables(options);
    await tables.#load();
    return tables;
  }

  private constructor({ file, alsoRead = [], factsMax, aliasesMax, clock, fileSystem }: TablesOptions) {
    this.#alsoRead = alsoRead;
    this.facts = new FactsTable(factsMax, (source, known) => {
      if (known.facts) this.#append(factsLine(source.ns, source.key, known.facts));
    });
    this.aliases = new AliasTable(aliasesMax, (requestKey, alias) => this.#append(aliasLine(requestKey, alias)));
    this.#journal =
      file === null
        ? null
        : new Journal({
            file,
            title,
            clock,
            liveLines: () => this.facts.size + this.aliases.size,
            snapshot: () => this.#snapshot(),
            ...(fileSystem ? { fileSystem } : {}),
          });
  }

  /** Forgets all that the purge means; gives the aliases that went, whose results may be in memory. */
  purge(scope: PurgeScope): readonly Alias[] {
    this.#append(JSON.stringify(['p', scope]));
    return this.#forget(scope);
  }

  counters(): JournalCounters | null {
    return this.#journal?.counters() ?? null;
  }

  async flush(): Promise<void> {
    await this.#journal?.flush();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#journal?.close();
  }

  async #load(): Promise<void> {
    if (!this.#journal) return;
    const apply = (line: string): boolean => this.#apply(line);
    // One's own last: it is the newest of what contradicts.
    for (const file of this.#alsoRead) await this.#journal.loadFrom(file, apply);
    await this.#journal.load(apply);
    this.#timer = setInterval(() => void this.#journal?.flush(), flushEveryMs);
    this.#timer.unref();
  }

  #append(line: string): void {
    this.#journal?.append(line);
  }

  #forget(scope: PurgeScope): readonly Alias[] {
    switch (scope.by) {
      case 'source':
        this.facts.forget(scope);
        this.missing.forget(scope);
        this.failures.forget(scope);
        return this.aliases.forgetSource(scope);
      case 'namespace':
        this.facts.forgetNamespace(scope.ns);
        this.missing.forgetNamespace(scope.ns);
        this.failures.forgetNamespace(scope.ns);
        return this.aliases.forgetNamespace(scope.ns);
      case 'preset':
        return this.aliases.forgetPreset(scope.preset);
    }
  }

  *#snapshot(): Generator<string> {
    for (const id of this.facts.ids()) {
      const entry = this.facts.peek(id);
      if (entry?.known.facts) {
        yield factsLine(entry.source.ns, entry.source.key, entry.known.facts);
      }
    }
    for (const requestKey of this.aliases.requestKeys()) {
      const alias = this.aliases.peek(requestKey);
      if (alias) yield aliasLine(requestKey, alias);
    }
  }

  #apply(line: string): boolean {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return false;
    }
    if (isFactsLine(parsed)) {
      const [, ns, key, facts] = parsed;
      this.facts.restore({ ns, key }, facts);
    } else if (isAliasLine(parsed)) {
      const [, requestKey, ns, key, version, derivation, presets] = parsed;
      this.aliases.restore(requestKey, { ns, key, version, derivation, presets });
    } else if (isPurgeLine(parsed)) {
      this.#forget(parsed[1]);
    } else {
      return false;
    }
    return true;
  }
}

type FactsLine = ['f', ns: string, key: string, facts: SourceFacts];
type AliasLine = [
  'a',
  requestKey: string,
  ns: string,
  key: string,
  version: string,
  derivation: string,
  presets: string[],
];
type PurgeLine = ['p', scope: PurgeScope];

const factsLine = (ns: string, key: string, facts: SourceFacts): string =>
  JSON.stringify(['f', ns, key, facts] satisfies FactsLine);

const aliasLine = (requestKey: string, { ns, key, version, derivation, presets }: Alias): string =>
  JSON.stringify(['a', requestKey, ns, key, version, derivation, [...presets]] satisfies AliasLine);

const areStrings = (values: readonly unknown[]): boolean => values.every((value) => typeof value === 'string');

/** The title says which version wrote the lines; these tell whole lines from half ones that happen to be JSON. */
const isFactsLine = (value: unknown): value is FactsLine =>
  Array.isArray(value) &&
  value[0] === 'f' &&
  value.length === 4 &&
  areStrings(value.slice(1, 3)) &&
  typeof value[3]?.version === 'string' &&
  typeof value[3].header?.width === 'number';

const isAliasLine = (value: unknown): value is AliasLine =>
  Array.isArray(value) &&
  value[0] === 'a' &&
  value.length === 7 &&
  areStrings(value.slice(1, 6)) &&
  Array.isArray(value[6]) &&
  areStrings(value[6]);

const isPurgeLine = (value: unknown): value is PurgeLine =>
  Array.isArray(value) && value[0] === 'p' && typeof value[1]?.by === 'string';

import type { Config, NamespaceConfig } from '../../src/config/config.ts';
import type { FormattedError, ParsedRequest } from '../../src/dialects/dialect.ts';
import { formatErrorAt, parseRequest, settingsOf } from '../../src/dialects/registry.ts';
import { reportWriter } from '../../src/dialects/report-writers.ts';
import type { Header, SourceFacts } from '../../src/plan/header.ts';
import { resolve } from '../../src/plan/resolve.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { type ErrorCode, PileusError } from '../../src/shared/errors.ts';
import { makeContext, makeHeader } from '../plan/resolve/scene.ts';
import { config as base, namespace, refusal } from './native/sample-config.ts';

export type Asked = Readonly<{ accept?: string; nowS?: number }>;

export type MountWish = Readonly<{
  at?: string;
  namespace?: string | null;
  settings?: Readonly<Record<string, unknown>>;
  namespaces?: Readonly<Record<string, Partial<NamespaceConfig>>>;
}>;

/** A grammar mounted alone at `/x` on the namespace `hotel`, unless told otherwise, with its settings read by its own schema. */
export class MountedGrammar {
  readonly config: Config;

  constructor(grammar: string, { at = '/x', namespace: ns = 'hotel', settings = {}, namespaces = {} }: MountWish = {}) {
    this.config = {
      ...base,
      namespaces: {
        ...base.namespaces,
        ...Object.fromEntries(Object.entries(namespaces).map(([name, changes]) => [name, namespace(name, changes)])),
      },
      mounts: [{ grammar, at, namespace: ns, settings: settingsOf(grammar).parse(settings) }],
    };
  }

  #requestOf(url: string, { accept = '', nowS = 1_760_000_000 }: Asked) {
    const query = url.indexOf('?');
    return {
      rawPath: query < 0 ? url : url.slice(0, query),
      rawQuery: query < 0 ? null : url.slice(query + 1),
      accept,
      headers: {},
      origin: 'http://localhost',
      nowS,
    };
  }

  parse(url: string, asked: Asked = {}): ParsedRequest {
    return parseRequest(this.#requestOf(url, asked), this.config);
  }

  refusal(url: string, asked: Asked = {}): ErrorCode {
    return refusal(() => this.parse(url, asked)).code;
  }

  resolve(url: string, header: Partial<Header>, asked: Asked = {}): Resolved {
    return resolve(this.parse(url, asked).plan, makeHeader(header), makeContext());
  }

  /** `300x200`, as the result comes out. */
  sizeOf(url: string, width: number, height: number): string {
    const resolved = this.resolve(url, { width, height });
    return `${resolved.width}x${resolved.height}`;
  }

  report(url: string, header: Partial<Header>): Record<string, unknown> {
    const { report } = this.parse(url).plan;
    if (report === undefined) throw new Error('no report');
    const facts: SourceFacts = { version: 'v1', bytes: 1000, header: makeHeader(header), modifiedMs: null };
    return JSON.parse(reportWriter(report.as)(facts, report.args).body) as Record<string, unknown>;
  }

  format(url: string, code: ErrorCode): FormattedError | null {
    return formatErrorAt(this.#requestOf(url, {}), this.config, new PileusError(code), 'r1');
  }
}

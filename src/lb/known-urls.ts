import { LRUCache } from 'lru-cache';
import { type Config, findNamespace, type NamespaceConfig, optionsFor } from '../config/config.ts';
import type { ParsedRequest } from '../dialects/dialect.ts';
import { headersRead, parseRequest, type RawRequest } from '../dialects/registry.ts';
import { encoderVersion } from '../plan/encoder-version.ts';
import { marksOf } from '../plan/marks.ts';
import { operationClass } from '../plan/operation-class.ts';
import type { SourceRef } from '../plan/plan.ts';
import { encodeSalt, requestKey } from '../plan/request-key.ts';
import { PileusError } from '../shared/errors.ts';

/** A URL with all that follows from it alone, under one configuration. */
export type KnownUrl = Readonly<{
  parsed: ParsedRequest;
  namespace: NamespaceConfig;
  requestKey: string;
  operation: string;
  /** The other originals that the plan draws. */
  marks: readonly SourceRef[];
}>;

/**
 * Parses URLs, and remembers the last ones: a CDN asks for the same pictures again and again, and on a hit parsing and
 * hashing would be half of the work. What is remembered was allowed then and is allowed now: the memory is dropped with
 * every new configuration, and URLs that expire are never remembered.
 */
export class KnownUrls {
  #config: Config;
  #salts: ReadonlyMap<string, string> = new Map();
  #headersRead: readonly string[] = [];
  readonly #urls = new LRUCache<string, KnownUrl>({
    max: urlsMax,
    maxSize: urlCharactersMax,
    sizeCalculation: (_url, id) => id.length,
  });

  constructor(config: Config) {
    this.#config = config;
    this.configure(config);
  }

  configure(config: Config): void {
    this.#config = config;
    this.#salts = new Map(
      Object.values(config.namespaces).map((namespace) => [namespace.name, saltOf(config, namespace)]),
    );
    this.#headersRead = headersRead(config);
    this.#urls.clear();
  }

  /** Throws what the grammar and the policy have to say. */
  read(request: RawRequest): KnownUrl {
    const { accept } = request;
    const id = this.#idOf(request);
    const remembered = this.#urls.get(id) ?? this.#urls.get(negotiatedId(id, accept));
    if (remembered) return remembered;

    const parsed = parseRequest(request, this.#config);
    const url = this.of(parsed);
    if (parsed.expiresAtS === null) this.#urls.set(parsed.negotiated === null ? id : negotiatedId(id, accept), url);
    return url;
  }

  /** What follows from a request that is parsed. Throws not_found for a namespace that does not exist. */
  of(parsed: ParsedRequest): KnownUrl {
    const namespace = findNamespace(this.#config, parsed.source.ns);
    if (!namespace) throw new PileusError('not_found');
    return {
      parsed,
      namespace,
      requestKey: requestKey(parsed.source, parsed.plan, this.#salts.get(namespace.name) ?? ''),
      operation: operationClass(parsed.plan),
      marks: marksOf(parsed.plan),
    };
  }

  /** Names of the request headers, besides Accept, that have a say in what URLs mean. */
  get headersRead(): readonly string[] {
    return this.#headersRead;
  }

  /** Everything beside Accept that has a say. */
  #idOf({ rawPath, rawQuery, headers, origin }: RawRequest): string {
    const url = rawQuery === null ? rawPath : `${rawPath}?${rawQuery}`;
    if (this.#config.mounts.length === 0) return url;
    return [url, origin, ...this.#headersRead.map((name) => headers[name] ?? '')].join('\n');
  }
}

const urlsMax = 20_000;
const urlCharactersMax = 8 * 1024 * 1024;

/** Where `Accept` has a say it is part of what was asked. */
const negotiatedId = (id: string, accept: string): string => `${id}\n${accept}`;

/** What of the configuration changes the bytes of a namespace's results, as a part of its request keys. */
const saltOf = (config: Config, namespace: NamespaceConfig): string =>
  encodeSalt(optionsFor(config, namespace), config.assets, [
    String(namespace.animated),
    namespace.truncated,
    encoderVersion,
  ]);

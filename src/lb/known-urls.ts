import { LRUCache } from 'lru-cache';
import { type Config, findNamespace, type NamespaceConfig, optionsFor } from '../config/config.ts';
import type { DialectRequest, ParsedRequest } from '../dialects/dialect.ts';
import { parseRequest } from '../dialects/registry.ts';
import { encoderVersion } from '../plan/encoder-version.ts';
import { operationClass } from '../plan/operation-class.ts';
import { encodeSalt, requestKey } from '../plan/request-key.ts';
import { PileusError } from '../shared/errors.ts';

/** A URL with all that follows from it alone, under one configuration. */
export type KnownUrl = Readonly<{
  parsed: ParsedRequest;
  namespace: NamespaceConfig;
  requestKey: string;
  operation: string;
}>;

/**
 * Parses URLs, and remembers the last ones: a CDN asks for the same pictures again and again, and on a hit parsing and
 * hashing would be half of the work. What is remembered was allowed then and is allowed now: the memory is dropped with
 * every new configuration, and URLs that expire are never remembered.
 */
export class KnownUrls {
  #config: Config;
  #salts: ReadonlyMap<string, string> = new Map();
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
    this.#urls.clear();
  }

  /** Throws what the grammar and the policy have to say. */
  read(request: DialectRequest): KnownUrl {
    const { rawPath, rawQuery, accept } = request;
    const id = rawQuery === null ? rawPath : `${rawPath}?${rawQuery}`;
    const remembered = this.#urls.get(id) ?? this.#urls.get(negotiatedId(id, accept));
    if (remembered) return remembered;

    const parsed = parseRequest(request, this.#config);
    const namespace = findNamespace(this.#config, parsed.source.ns);
    if (!namespace) throw new PileusError('not_found');
    const url: KnownUrl = {
      parsed,
      namespace,
      requestKey: requestKey(parsed.source, parsed.plan, this.#salts.get(namespace.name) ?? ''),
      operation: operationClass(parsed.plan),
    };
    if (parsed.expiresAtS === null) this.#urls.set(parsed.negotiated === null ? id : negotiatedId(id, accept), url);
    return url;
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

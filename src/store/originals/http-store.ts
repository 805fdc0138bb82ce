import { Agent } from 'undici';
import type { OriginConfig } from '../../config/config.ts';
import type { Clock } from '../../shared/clock.ts';
import { PileusError } from '../../shared/errors.ts';
import { addressPolicy } from './address-policy.ts';
import { checkedConnect, type Resolve } from './checked-connect.ts';
import { FetchBudget } from './fetch-budget.ts';
import { etagOf, isWholeRange, one, statOf, statusFailure } from './http-answer.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';
import { HttpOriginal } from './http-original.ts';
import { isOwnHost, isRedirect, redirectTarget } from './http-redirect.ts';
import { keySegments } from './key-segments.ts';
import type { OpenOptions, OpenOriginal, OriginalStat, OriginalStore, StatOptions } from './original-store.ts';

export type HttpOrigin = Extract<OriginConfig, { kind: 'http' | 'url' }>;

/** Connections to one host. A worker fetches a handful at a time; this is the ceiling when it is configured to fetch more. */
const connectionsMax = 64;

/**
 * Originals behind an HTTP origin. One keep-alive pool a host; every address is checked when it is dialled, every
 * redirect before it is followed; nothing about why an origin cannot be reached gets out.
 */
export class HttpStore implements OriginalStore {
  readonly kind = 'http';
  readonly remote = true;
  readonly #origin: HttpOrigin;
  /** null: keys are whole URLs. */
  readonly #base: URL | null;
  readonly #ownHeaders: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #agent: Agent;
  #connectMs = 1000;

  /** `resolve` stands in for the resolver in tests. */
  constructor(origin: HttpOrigin, clock: Clock, resolve?: Resolve) {
    this.#origin = origin;
    this.#base = origin.kind === 'http' ? new URL(origin.baseUrl) : null;
    this.#ownHeaders = Object.fromEntries(
      Object.entries(origin.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.#clock = clock;
    this.#agent = new Agent({
      connections: connectionsMax,
      pipelining: 1,
      connect: checkedConnect(addressPolicy(origin.allowAddresses), () => this.#connectMs, resolve),
    });
  }

  async open(key: string, options: OpenOptions): Promise<OpenOriginal> {
    const url = this.#urlOf(key);
    const range = options.range;
    const headers = range ? { range: `bytes=${range.first}-${range.last}` } : {};
    const answer = await this.#ask('GET', url, headers, options, this.#budget(options));
    try {
      this.#throwUnlessOriginal(answer);
      return new HttpOriginal(answer, statOf(url, answer.status, answer.headers, options.knownVersion), options);
    } catch (error) {
      answer.close();
      throw error;
    }
  }

  async stat(key: string, options: StatOptions): Promise<OriginalStat> {
    const url = this.#urlOf(key);
    const etag = etagOf(options.knownVersion, url);
    const { conditions } = options;
    const headers = conditions ? conditionHeaders(conditions) : etag === null ? {} : { 'if-none-match': etag };
    const budget = this.#budget(options);
    const head = await this.#ask('HEAD', url, headers, options, budget);
    head.close();
    const isRefused = head.status === 405 || head.status === 501;
    const answer = isRefused ? await this.#ask('GET', url, headers, options, budget) : head;
    answer.close();
    if (answer.status === 304 && (etag !== null || conditions)) {
      return {
        ...statOf(url, answer.status, answer.headers, null),
        version: options.knownVersion,
        bytes: null,
        same: true,
      };
    }
    this.#throwUnlessOriginal(answer);
    if (answer.status === 206 && !isWholeRange(answer.headers))
      throw new PileusError('origin_failed', { originStatus: 206, cause: new Error('206 without a range') });
    return statOf(url, answer.status, answer.headers, options.knownVersion);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** Every segment is encoded, so that no key can reach the query or another path. */
  #urlOf(key: string): URL {
    if (this.#base === null) return wholeUrl(key);
    return new URL(keySegments(key).map(encodeURIComponent).join('/'), this.#base);
  }

  #budget(options: StatOptions): FetchBudget {
    this.#connectMs = options.deadlines.connectMs;
    return new FetchBudget(options.deadlines, this.#clock);
  }

  #throwUnlessOriginal(answer: HttpAnswer): void {
    const failure = statusFailure(answer.status, answer.headers, this.#clock.wallMs());
    if (failure) throw failure;
  }

  /** Follows redirects by hand. Once the origin's own host has been left, its headers are not sent any more. */
  async #ask(
    method: 'GET' | 'HEAD',
    start: URL,
    extra: Readonly<Record<string, string>>,
    options: StatOptions,
    budget: FetchBudget,
  ): Promise<HttpAnswer> {
    const base = this.#base ?? start;
    const rules = { base, hosts: this.#origin.kind === 'http' ? this.#origin.redirectHosts : ('any' as const) };
    const usual = { accept: '*/*', 'user-agent': 'pileus' };
    const own = { 'accept-encoding': 'identity', ...extra };
    const trace = options.traceparent === null ? {} : { traceparent: options.traceparent };
    let url = start;
    let headers: Readonly<Record<string, string>> = { ...usual, ...this.#ownHeaders, ...trace, ...own };
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#askOnce({ method, url, headers }, options, budget);
      if (!isRedirect(answer.status)) return answer;
      answer.close();
      if (redirects >= options.redirectsMax) {
        throw new PileusError('origin_failed', {
          originStatus: answer.status,
          cause: new Error(`more than ${redirects} redirects`),
        });
      }
      url = redirectTarget(url, one(answer.headers.location), rules);
      if (!isOwnHost(url, base)) headers = { ...usual, ...own };
    }
  }

  /** One more try when the connection broke before any answer: most likely it was an old one that had just been closed. */
  async #askOnce(
    request: Parameters<typeof exchange>[1],
    options: StatOptions,
    budget: FetchBudget,
  ): Promise<HttpAnswer> {
    const first = await exchange(this.#agent, request, budget, options.signal);
    if (first.kind === 'answer') return first.answer;
    const second = await exchange(this.#agent, request, budget, options.signal);
    if (second.kind === 'answer') return second.answer;
    throw new PileusError('origin_failed', { cause: second.cause });
  }
}

const conditionHeaders = ({ ifNoneMatch, ifModifiedSince }: NonNullable<StatOptions['conditions']>) => ({
  ...(ifNoneMatch === null ? {} : { 'if-none-match': ifNoneMatch }),
  ...(ifModifiedSince === null ? {} : { 'if-modified-since': ifModifiedSince }),
});

/** Throws source_not_found for what is no URL that can be asked. */
function wholeUrl(key: string): URL {
  const url = URL.canParse(key) ? new URL(key) : null;
  const isAskable = url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '';
  if (!isAskable) throw new PileusError('source_not_found', { cause: new Error('the key is no http URL') });
  url.hash = '';
  return url;
}

import type { ServerResponse } from 'node:http';
import { type OriginSimulator, type Route, startOriginSimulator } from '../../helpers/origin-simulator.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site, type SiteConfig } from '../../helpers/site.ts';

/** A node with the folder `photos` and one HTTP origin per name. */
export type OriginRig = Readonly<{
  node: Pileus;
  site: Site;
  origins: Readonly<Record<string, OriginSimulator>>;
  stop: () => Promise<void>;
}>;

export type RigOptions = Readonly<{
  /** Namespaces, each with an origin simulator of its own, and what they have beside it. */
  origins: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** More namespaces, by the base of an origin that the test runs itself. */
  bases?: Readonly<Record<string, string>>;
  /** Options of the node. */
  options?: SiteConfig;
}>;

export async function startRig({ origins, bases = {}, options = {} }: RigOptions): Promise<OriginRig> {
  const simulators = Object.fromEntries(
    await Promise.all(Object.keys(origins).map(async (name) => [name, await startOriginSimulator()] as const)),
  );
  const baseUrls = {
    ...Object.fromEntries(Object.entries(simulators).map(([name, { url }]) => [name, url])),
    ...bases,
  };
  const remote = Object.entries(baseUrls).map(([name, baseUrl]) => [
    name,
    { origin: { kind: 'http', baseUrl, allowAddresses: ['127.0.0.0/8'] }, ...origins[name] },
  ]);
  const site = makeSite({ namespaces: { photos: { origin: './photos' }, ...Object.fromEntries(remote) }, ...options });
  const node = await startPileus(site.args, { PILEUS_HEARTBEAT_MS: '50' }).catch(async (error: unknown) => {
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
    site.clear();
    throw error;
  });
  return {
    node,
    site,
    origins: simulators,
    stop: async () => {
      await node.stop();
      await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
      site.clear();
    },
  };
}

/** The simulator of a namespace. */
export function originOf(rig: OriginRig, name: string): OriginSimulator {
  const origin = rig.origins[name];
  if (!origin) throw new Error(`no origin ${name}`);
  return origin;
}

/** Requests that the origin has seen, of one method and path or of all. */
export const seen = (origin: OriginSimulator, method: string, path?: string): number =>
  origin.requests.filter((each) => each.method === method && (path === undefined || each.url === `/${path}`)).length;

/** Options under which no deadline passes: what an origin holds back goes on when the test says so. */
export const patientOptions = {
  fetchConnectMs: 50_000,
  fetchHeadersMs: 50_000,
  fetchIdleMs: 50_000,
  fetchTotalMs: 50_000,
  requestMs: 60_000,
};

/** A route that holds every answer back until `open`, and then gives `bytes` (or, with a status, no picture). */
export function gate(bytes: Buffer, status = 200): Readonly<{ route: Route; open: () => void }> {
  let held: ServerResponse[] | null = [];
  const answer = (response: ServerResponse): void => {
    response.writeHead(status, { 'content-length': bytes.length, etag: '"1"' });
    response.end(response.req.method === 'HEAD' ? undefined : bytes);
  };
  return {
    route: (_request, response) => {
      if (held) held.push(response);
      else answer(response);
    },
    open: () => {
      const waiting = held ?? [];
      held = null;
      waiting.forEach(answer);
    },
  };
}

import { bench, describe } from 'vitest';
import type { Config, NamespaceConfig, Options } from '../../src/config/config.ts';
import { optionTable } from '../../src/config/options.ts';
import { signPath } from '../../src/dialects/native/sign-path.ts';
import { parseRequest } from '../../src/dialects/registry.ts';
import { encodeSalt, requestKey } from '../../src/plan/request-key.ts';

/**
 * What a request costs before anything is looked up: raw path to plan, and plan to key. Every cache hit pays both.
 * Aim: under 10 us each on a common CPU. Run with `npx vitest bench bench/micro/parse.bench.ts`.
 */
const options = Object.fromEntries(
  Object.entries(optionTable).map(([name, option]) => [name, option.default]),
) as unknown as Options;

const namespace = (name: string, keys: NamespaceConfig['keys']): NamespaceConfig => ({
  name,
  origin: { kind: 'file', root: '/srv/originals' },
  presets: 'all',
  keys,
  ladder: [320, 640, 1280],
  protectOriginals: false,
  explain: false,
  maxAgeS: 3600,
  cors: null,
  truncated: 'error',
  animated: true,
  limits: {},
});

const config: Config = {
  revision: 1,
  options,
  namespaces: { open: namespace('open', []), keyed: namespace('keyed', [{ kid: 'k', secret: 'bench' }]) },
  presets: { card: { name: 'card', spec: 'm_cover,w_300,h_200,q_80', overrides: ['q'] } },
  assets: {},
  mounts: [],
};

const accept = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const parse = (rawPath: string) =>
  parseRequest({ rawPath, rawQuery: null, accept, headers: {}, origin: '', nowS: 1_760_000_000 }, config);

const short = '/open/g1/M00/ab.jpg/~w_300.webp';
const long = '/open/g1/M00/ab.jpg/~c_10.10.900.900,m_cover,w_300,h_200,g_25.75,bl_1.5,sa_-20,bg_ff0000,q_80,pg_1.jpg';
const signed = signPath(config, 'keyed', 'g1/M00/ab.jpg', 'm_cover,w_301,h_200', 'webp', 'k');

describe('raw path to plan', () => {
  bench('one operation', () => void parse(short));
  bench('ten operations', () => void parse(long));
  bench('a preset, negotiated', () => void parse('/open/g1/M00/ab.jpg/~card,dpr_2.auto'));
  bench('an encoded key', () => void parse('/open/%E4%B8%AD%E6%96%87/a%20b.png/~w_300.webp'));
  bench('a signature', () => void parse(signed));
});

describe('plan to request key', () => {
  const salt = encodeSalt(options, {});
  const one = parse(short);
  const ten = parse(long);
  bench('one operation', () => void requestKey(one.source, one.plan, salt));
  bench('ten operations', () => void requestKey(ten.source, ten.plan, salt));
});

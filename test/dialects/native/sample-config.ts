import type { Config, NamespaceConfig, Options } from '../../../src/config/config.ts';
import { optionTable } from '../../../src/config/options.ts';
import type { ParsedRequest } from '../../../src/dialects/dialect.ts';
import { parseRequest } from '../../../src/dialects/registry.ts';
import { isPileusError, type PileusError } from '../../../src/shared/errors.ts';

export const defaultOptions = Object.fromEntries(
  Object.entries(optionTable).map(([name, option]) => [name, option.default]),
) as unknown as Options;

export const namespace = (name: string, changes: Partial<NamespaceConfig> = {}): NamespaceConfig => ({
  name,
  origin: { kind: 'file', root: '/srv/originals' },
  presets: 'all',
  keys: [],
  ladder: [40, 80, 160, 320, 640],
  protectOriginals: false,
  explain: false,
  maxAgeS: 3600,
  cors: null,
  truncated: 'error',
  animated: true,
  limits: {},
  ...changes,
});

/** The key of the published signature vectors. */
export const vectorKey = { kid: 'k', secret: 'nephele-test-key-0' };
export const secondKey = { kid: '2', secret: 'another secret' };

const preset = (name: string, spec: string, overrides: readonly string[] = []) => ({ name, spec, overrides });

/** `hotel` is open; `fd` has two live keys; `vault` protects originals; `narrow` has small limits and few presets. */
export const config: Config = {
  revision: 1,
  options: defaultOptions,
  namespaces: {
    hotel: namespace('hotel'),
    fd: namespace('fd', { keys: [vectorKey, secondKey] }),
    vault: namespace('vault', { keys: [vectorKey], protectOriginals: true, explain: true }),
    sealed: namespace('sealed', { protectOriginals: true }),
    narrow: namespace('narrow', { presets: ['thumb', 'large'], limits: { resultSideMax: 1000 } }),
  },
  presets: {
    thumb: preset('thumb', 'm_cover,w_160,h_160'),
    card: preset('card', 'm_cover,w_300,h_200,q_80', ['q', 'qs', 'w', 'm', 'g', 'rt']),
    half: preset('half', 'p_50', ['w']),
    dense: preset('dense', 'w_100,dpr_2'),
    large: preset('large', 'w_4000'),
  },
  assets: {
    logo: { name: 'logo', path: '/srv/logo.png', version: 'v1', width: 100, height: 40 },
    sans: { name: 'sans', path: '/srv/sans.ttf', version: 'f1', width: 0, height: 0, font: true },
  },
  mounts: [],
};

export type Asking = Readonly<{ accept?: string; nowS?: number; rawQuery?: string | null; config?: Config }>;

/** The native grammar always has a native spelling. */
type NativeRequest = ParsedRequest & Readonly<{ canonicalPath: string }>;

export function parse(rawPath: string, asking: Asking = {}): NativeRequest {
  const parsed = parseRequest(
    {
      rawPath,
      rawQuery: asking.rawQuery ?? null,
      accept: asking.accept ?? '',
      headers: {},
      origin: 'http://localhost',
      nowS: asking.nowS ?? 1_760_000_000,
    },
    asking.config ?? config,
  );
  const { canonicalPath } = parsed;
  if (canonicalPath === null) throw new Error('no canonical path');
  return { ...parsed, canonicalPath };
}

/** Parses a spec with its extension on an ordinary key of an open namespace. */
export const parseSpec = (spec: string, asking: Asking = {}): NativeRequest => parse(`/hotel/a.jpg/~${spec}`, asking);

/** The error that `work` throws; fails where it throws none, or one that is not a PileusError. */
export function refusal(work: () => unknown): PileusError {
  try {
    work();
  } catch (error) {
    if (isPileusError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

import type { Config, MountConfig } from '../../../src/config/config.ts';
import type { ParsedRequest } from '../../../src/dialects/dialect.ts';
import { type ImgproxySettings, imgproxySettings } from '../../../src/dialects/imgproxy/settings.ts';
import { parseRequest } from '../../../src/dialects/registry.ts';
import { namespace, config as sample } from '../native/sample-config.ts';

export const nowS = 1_760_000_000;

/** `local:///` is the namespace `local`, URLs are the namespace `web`. */
export function configWith(settings: Partial<Record<keyof ImgproxySettings, unknown>> = {}, at = ''): Config {
  const mount: MountConfig = {
    grammar: 'imgproxy',
    at,
    namespace: null,
    settings: imgproxySettings.parse({ sources: { local: 'local', http: 'web' }, ...settings }),
  };
  const origin = { kind: 'url', headers: {}, allowAddresses: [] } as const;
  const namespaces = { local: namespace('local'), web: namespace('web', { origin }) };
  return { ...sample, namespaces, mounts: [mount] };
}

export const ask = (
  rawPath: string,
  config: Config = configWith(),
  more: Readonly<{ accept?: string; authorization?: string }> = {},
): ParsedRequest =>
  parseRequest(
    {
      rawPath,
      rawQuery: null,
      accept: more.accept ?? '',
      headers: more.authorization === undefined ? {} : { authorization: more.authorization },
      origin: 'http://localhost',
      nowS,
    },
    config,
  );

/** A URL with these options on one local picture. */
export const withOptions = (options: string, config?: Config): ParsedRequest =>
  ask(`/unsafe/${options === '' ? '' : `${options}/`}plain/local:///a.png`, config);

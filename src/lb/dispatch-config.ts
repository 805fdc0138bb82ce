import type { Config } from '../config/config.ts';
import type { DispatchConfig } from './dispatcher.ts';

/** The part of the configuration that dispatching goes by. */
export function dispatchConfig({ options, revision, namespaces }: Config): DispatchConfig {
  const remoteOrigins = Object.values(namespaces).filter(({ origin }) => origin.kind !== 'file').length;
  return { ...options, policy: options.dispatchPolicy, revision, remoteOrigins };
}

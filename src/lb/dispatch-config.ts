import type { Config } from '../config/config.ts';
import type { DispatchConfig } from './dispatcher.ts';

/** The part of the configuration that dispatching goes by. */
export function dispatchConfig({ options, revision }: Config): DispatchConfig {
  return { ...options, policy: options.dispatchPolicy, revision };
}

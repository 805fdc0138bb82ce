import type { Config, NamespaceConfig } from '../config/config.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { Plan, SourceRef } from '../plan/plan.ts';

/** A request, as far as looking it up goes. */
export type Ask = Readonly<{
  source: SourceRef;
  requestKey: string;
  plan: Plan;
  /** The other originals that the plan draws. */
  marks: readonly SourceRef[];
  operation: string;
  presets: readonly string[];
  namespace: NamespaceConfig;
  config: Config;
  ifNoneMatch: string | undefined;
  /** Does the client have what this version of the source gives, by its If-Modified-Since? */
  isUnmodified: (facts: SourceFacts) => boolean;
}>;

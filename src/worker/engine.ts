import type { AssetConfig, Options } from '../config/config.ts';
import type { HeaderResult } from '../plan/header/header-result.ts';
import type { Header } from '../plan/header.ts';
import type { Plan } from '../plan/plan.ts';
import type { Resolved } from '../plan/resolved.ts';

export type HeaderReading = HeaderResult;

export type Price = Readonly<{ ms: number; costPixels: number; memoryBytes: number }>;

/** A finished picture, encoded. */
export type Picture = Readonly<{
  bytes: Uint8Array;
  width: number;
  height: number;
  frames: number;
  contentType: string;
  extension: string;
}>;

/** Bytes of the registered watermarks, by name. */
export type AssetBytes = ReadonlyMap<string, Uint8Array>;

export type ResolveContext = Readonly<{
  options: Options;
  animated: boolean;
  truncatedOk: boolean;
  assets: Readonly<Record<string, AssetConfig>>;
}>;

export type PictureContext = Readonly<{ softMs: number; assets: AssetBytes; options: Options }>;

/**
 * What the worker needs of plan/ and pipeline/, as functions, so that tests run without pixels.
 *
 * `runPicture` and `runAverage` read `source` in place: their promises settle only when libvips has let go of it.
 */
export type Engine = Readonly<{
  readHeader: (bytes: Uint8Array, complete: boolean) => HeaderReading;
  /** Throw 413 or 415. */
  checkLimits: (header: Header, options: Options) => void;
  checkFrameLimits: (header: Header, pages: number, options: Options) => void;
  /** Throws what the plan cannot do to this source. */
  resolve: (plan: Plan, header: Header, context: ResolveContext) => Resolved;
  derivation: (version: string, resolved: Resolved) => string;
  predict: (resolved: Resolved) => Price;
  learn: (resolved: Resolved, actualMs: number, nowMs: number) => void;
  /** The resolved plan and its price, as JSON. */
  explain: (plan: Plan, header: Header, resolved: Resolved) => unknown;
  operationClass: (plan: Plan) => string;
  runPicture: (source: Uint8Array, resolved: Resolved, context: PictureContext) => Promise<Picture>;
  /** The average colour, as JSON. */
  runAverage: (source: Uint8Array, resolved: Resolved, context: PictureContext) => Promise<unknown>;
}>;

import type { Options } from '../config/config.ts';
import type { Cost } from '../plan/cost.ts';
import type { HeaderResult } from '../plan/header/header-result.ts';
import type { Header } from '../plan/header.ts';
import type { Measured } from '../plan/measured.ts';
import type { Plan } from '../plan/plan.ts';
import type { Frames } from '../plan/resolve/frames.ts';
import type { TrimBox, TrimStep } from '../plan/resolve/trim.ts';
import type { ResolveContext } from '../plan/resolve.ts';
import type { Resolved } from '../plan/resolved.ts';
import type { PileusError } from '../shared/errors.ts';

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

/** What a picture is made with, besides its source. `options` as they hold for the namespace. */
export type PictureContext = Readonly<{ assets: AssetBytes; options: Options }>;

/**
 * What the worker needs of plan/ and pipeline/, as functions, so that its tests run without pixels.
 *
 * `runPicture`, `runAverage` and `runMeasure` read `source` in place: their promises settle only when libvips has let go of it.
 */
export type Engine = Readonly<{
  readHeader: (bytes: Uint8Array, complete: boolean) => HeaderResult;
  /** 413, or null when the source is within the limits. */
  checkLimits: (header: Header, options: Options) => PileusError | null;
  checkFrameLimits: (header: Header, frames: Frames, options: Options) => PileusError | null;
  /** Throws what the plan cannot do to this source. */
  resolve: (plan: Plan, header: Header, context: ResolveContext) => Resolved;
  derivation: (version: string, resolved: Resolved) => string;
  predict: (resolved: Resolved) => Cost;
  /** Milliseconds that it takes at least, as far as anybody can say. */
  leastMs: (resolved: Resolved) => number;
  learn: (resolved: Resolved, actualMs: number, nowMs: number) => void;
  /** The resolved plan and its price, as JSON. */
  explain: (plan: Plan, header: Header, resolved: Resolved, cost: Cost) => unknown;
  operationClass: (plan: Plan) => string;
  runPicture: (source: Uint8Array, resolved: Resolved, context: PictureContext) => Promise<Picture>;
  /** The box that a plan's trim leaves of this source. */
  findTrim: (source: Uint8Array, resolved: Resolved, trim: TrimStep, context: PictureContext) => Promise<TrimBox>;
  /** The average colour, as JSON. */
  runAverage: (source: Uint8Array, resolved: Resolved, context: PictureContext) => Promise<unknown>;
  /** What the plan's measures say of the picture. */
  runMeasure: (source: Uint8Array, resolved: Resolved, context: PictureContext) => Promise<Measured>;
}>;

import type { Compass, FormatWish, MarkLook, OutputFormat, Quality, Rgba } from '../../plan/plan.ts';
import type { Draft } from './draft.ts';
import type { Pairs } from './pairs.ts';

/**
 * What differs between two clouds that speak this grammar: names, defaults and limits, never how it is read. Names that are known
 * and cannot be carried out stand beside those that can, each with the sentence that says so.
 */
export type Vendor = Readonly<{
  /** The dialect's, and so the first part of its reports' names. */
  name: string;
  /** Operations between pipes that are known and refused. */
  refusedOperations: ReadonlyMap<string, string>;
  hasRoundPic: boolean;
  /** Of the operation that makes a file smaller and leaves the picture as it is. */
  slimName: string;
  formats: ReadonlyMap<string, OutputFormat>;
  refusedFormats: ReadonlySet<string>;
  quality: Readonly<{
    /** Where a URL names none. */
    standard: (format: FormatWish) => Quality;
    /** A number without `!`. */
    named: (value: number) => Quality;
  }>;
  imageView2: Readonly<{
    /** Is the picture made upright? */
    orients: boolean;
    /** Does the result keep EXIF, XMP and IPTC? Else the configuration decides. */
    keepsMetadata: boolean;
    refusedOptions: ReadonlyMap<string, string>;
  }>;
  imageMogr2: ReadonlyMap<string, MogrOption>;
  watermark: Readonly<{
    dissolve: number;
    distance: number;
    /** Do distances count along an axis on which the gravity is centred? */
    movesFromCentre: boolean;
    /** How the size of a picture is told; gives percent of the width, 0 for its own size. */
    scalePercent: (options: ReadonlyMap<string, string | null>) => number;
    sizeOptions: readonly string[];
    refusedOptions: ReadonlyMap<string, string>;
    /** Turned, or in copies all over the picture. */
    look: (options: ReadonlyMap<string, string | null>) => MarkLook;
    lookOptions: readonly string[];
    text: Readonly<{
      font: string;
      colour: Rgba;
      /** An em in pixels. */
      size: number;
      readSize: (raw: string) => number;
    }>;
  }>;
}>;

/** An option of imageMogr2 at its place, left to right. */
export type MogrScene = {
  readonly draft: Draft;
  readonly vendor: Vendor;
  /** All options of this imageMogr2, for those that mean something to others. */
  readonly pairs: Pairs;
  readonly lenience: Lenience;
  /** What the last `gravity` before this place said. */
  gravity: Compass | null;
};

/** What an option does; `flag` ones stand alone, the others have a value; `refused` ones say why. */
export type MogrOption =
  | Readonly<{ kind: 'flag'; apply: (scene: MogrScene) => void }>
  | Readonly<{ kind: 'value'; apply: (raw: string, scene: MogrScene) => void }>
  | Readonly<{ kind: 'refused'; why: string }>;

/** What `ignore-error/1` meets with: a refusal, or nothing: then an error is answered as an error. */
export type Lenience = Readonly<{ ignoreError: 'refuse' | 'pass' }>;

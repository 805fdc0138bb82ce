import type { Config } from '../../config/config.ts';
import type { EncodeWish, FormatWish, Measures, MetadataPolicy, Plan, Rgba, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { AnswerWish } from '../dialect.ts';
import type { Params } from './params.ts';
import type { Settings } from './settings.ts';

/** A plan in the making: what the filters of a path have said so far. */
export class Draft {
  readonly params: Params;
  readonly settings: Settings;
  readonly config: Pick<Config, 'assets' | 'namespaces'>;

  /** What is drawn behind the resize, in the order of the path. */
  readonly steps: Step[] = [];
  /** Shares of the source that a crop has to keep, with their weights. */
  readonly focal: Readonly<{ x: number; y: number; weight: number }>[] = [];
  /** What `meta` tells besides the header. */
  readonly measures: { -readonly [Name in keyof Measures]: Measures[Name] } = {};
  stretch: boolean;
  /** Null: as the way of fitting has it. */
  enlarge: boolean | null = null;
  /** Padded to its box already by the resize. */
  padResize = false;
  /** Transparency is laid on the background. */
  flattens = false;
  /** Turned by a quarter. */
  turned = false;
  /** Turned before anything else, clockwise. */
  orientDegrees: number | null = null;
  format: FormatWish | null = null;
  /** As JPEG where it has no alpha. */
  plainFormat = false;
  quality: number;
  lossless: true | undefined;
  bytesMax: number | undefined;
  metadata: MetadataPolicy | undefined;
  frames: Plan['decode']['frames'] = 'auto';
  original = false;
  maxAgeS: number | undefined;
  disposition: AnswerWish['disposition'];
  expiresAtS: number | null = null;
  #background: Rgba | undefined;

  constructor(params: Params, settings: Settings, config: Pick<Config, 'assets' | 'namespaces'>) {
    this.params = params;
    this.settings = settings;
    this.config = config;
    this.stretch = params.stretch;
    this.quality = settings.quality;
  }

  get background(): Rgba | undefined {
    return this.#background;
  }

  /** A plan has one colour to fill with. Throws operation_unsupported for a second one. */
  fillWith(colour: Rgba): void {
    if (this.#background !== undefined && this.#background !== colour) {
      throw new PileusError('operation_unsupported', { detail: 'A picture is filled with one colour only.' });
    }
    this.#background = colour;
  }

  /** `negotiated` only says what `auto` stands for. */
  encode(format: FormatWish, negotiated: EncodeWish['negotiated'] | null): EncodeWish {
    return {
      format,
      ...(negotiated === null || negotiated === undefined ? {} : { negotiated }),
      quality: { kind: 'absolute', value: this.quality },
      progressive: this.settings.progressive,
      ...(this.lossless === undefined ? {} : { lossless: this.lossless }),
      ...(this.bytesMax === undefined ? {} : { bytesMax: this.bytesMax }),
      ...(this.metadata === undefined ? {} : { metadata: this.metadata }),
      ...(this.#background === undefined ? {} : { background: this.#background }),
    };
  }
}

export const unsupported = (detail: string): PileusError => new PileusError('operation_unsupported', { detail });

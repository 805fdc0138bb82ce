import type { Config, NamespaceConfig } from '../../config/config.ts';
import { optionTable } from '../../config/options.ts';

/** The configurable bounds of values in a URL. */
export type Limits = Readonly<{
  /** `w_ h_ l_ s_`, pixels. */
  sideMax: number;
  /** `a_`, pixels. */
  areaMax: number;
  /** `kb_`, KiB. */
  kilobytesMax: number;
}>;

/** The bounds as they hold for one namespace. */
export const limitsFor = ({ options }: Config, { limits }: NamespaceConfig): Limits => ({
  sideMax: limits.resultSideMax ?? options.resultSideMax,
  areaMax: limits.resultPixelsMax ?? options.resultPixelsMax,
  kilobytesMax: Math.max(1, Math.floor(options.resultBytesMax / 1024)),
});

/** The bounds that no configuration can exceed. */
export const widestLimits: Limits = {
  sideMax: optionTable.resultSideMax.max,
  areaMax: optionTable.resultPixelsMax.max,
  kilobytesMax: optionTable.resultBytesMax.max / 1024,
};

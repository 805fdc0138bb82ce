import type { Cost } from './cost.ts';
import type { Header } from './header.ts';
import type { Plan } from './plan.ts';
import { compileProgram, explainProgram, type SourcePixels } from './program.ts';
import type { Resolved } from './resolved.ts';
import { shrinkOnLoad } from './shrink-on-load.ts';

/** The answer of `~explain.json`. */
export type Explanation = Readonly<{
  source: Header;
  plan: Plan;
  input: Resolved['input'] & Readonly<{ shrinkOnLoad: number }>;
  ops: Resolved['ops'];
  /** The engine's chains in words, one line each: how the ops are carried out. */
  chains: readonly string[];
  result: Readonly<{ width: number; height: number; frames: number }>;
  encode: Resolved['encode'];
  /** Other formats that are tried. */
  others?: NonNullable<Resolved['others']>;
  cost: Cost;
}>;

/**
 * What would be done to this source, in integers, and what it is thought to cost. Facts of the picture and of the
 * URL only; a watermark is named as in the URL, never by its file. Costs are rounded to hundredths of a millisecond.
 */
export function explain(plan: Plan, header: Header, resolved: Resolved, cost: Cost): Explanation {
  return {
    source: header,
    plan,
    input: { ...resolved.input, shrinkOnLoad: round(shrinkOnLoad(resolved), 1e4) },
    ops: resolved.ops,
    chains: explainProgram(compileProgram(resolved, pixelsOf(header))),
    result: { width: resolved.width, height: resolved.height, frames: resolved.frames },
    encode: resolved.encode,
    ...(resolved.others === undefined ? {} : { others: resolved.others }),
    cost: {
      ms: round(cost.ms, 100),
      decodeMs: round(cost.decodeMs, 100),
      resizeMs: round(cost.resizeMs, 100),
      opsMs: round(cost.opsMs, 100),
      encodeMs: round(cost.encodeMs, 100),
      costPixels: cost.costPixels,
      memoryBytes: cost.memoryBytes,
    },
  };
}

/** The pixels as the decoder will hand them out, as far as the header tells. */
function pixelsOf({ bitsPerChannel, space }: Header): SourcePixels {
  if (bitsPerChannel > 8 || space === 'other') return 'deep';
  return space === 'grey' ? 'grey8' : 'rgb8';
}

const round = (value: number, per: number): number => Math.round(value * per) / per;

import type { Segment } from '../../plan/program.ts';
import type { Chain } from '../sharp.ts';

/**
 * One step: adds its part of a segment to a chain, or hands the chain back as it is. The engine fixes the order in
 * which parts act; the order of the calls matters only for crop (before or after the scale) and rotate (last).
 */
export type ChainStep = (chain: Chain, segment: Segment) => Chain;

import { negotiate } from '../plan/negotiate.ts';
import type { FormatWish, Negotiated } from '../plan/plan.ts';

/** A format that Accept had a say in, and what it said. */
export type NegotiatedFormat = Readonly<{ format: FormatWish; negotiated: Negotiated }>;

/** The best of the allowed formats that Accept names; `fallback` where it names none. */
export function negotiatedFormat(
  accept: string,
  allowed: readonly ('webp' | 'avif')[],
  fallback: FormatWish,
): NegotiatedFormat {
  const best = negotiate(accept);
  const negotiated = best === 'avif' && !allowed.includes('avif') ? 'webp' : best;
  if (negotiated === 'plain' || !allowed.includes(negotiated)) return { format: fallback, negotiated: 'plain' };
  return { format: 'auto', negotiated };
}

import type { Header } from '../header.ts';
import type { EncodeWish, OutputFormat, Plan } from '../plan.ts';
import type { Resolved, ResolvedEncode, ResolvedOp } from '../resolved.ts';
import type { Frames } from './frames.ts';

/**
 * Bits a channel and profile of a result, as far as they are not 8 and none. More than 8 bits need a source that has them, a
 * format that holds them (PNG and TIFF 16, AVIF 10 or 12), and ops that work on them: what lays colours over the picture or
 * changes its tones ends in 8, and so do pages that are put together. A profile is kept of stills in RGB only: the engine makes RGB of everything else.
 */
export function depthOf(
  wish: EncodeWish,
  format: OutputFormat,
  header: Header,
  { ops, pages, stacked }: Frames & Readonly<{ ops: readonly ResolvedOp[] }>,
): Pick<ResolvedEncode, 'bits' | 'profile'> {
  const isQuantised = format === 'png' && wish.png?.colours !== undefined;
  const isDeep = wish.deep && !isQuantised && !stacked && hasDepth(header) && ops.every(keepsDepth);
  const bits = isDeep ? bitsOf(format, header) : null;
  const keeps = wish.profile === 'source' && header.icc && header.space === 'rgb' && pages === 1;
  const attaches = wish.profile === 'srgb' && header.bitsPerChannel <= 8 && pages === 1;
  const drops = wish.profile === 'none' && header.icc;
  return {
    ...(bits === null ? {} : { bits }),
    ...(keeps ? { profile: 'source' } : attaches ? { profile: 'srgb' } : drops ? { profile: 'none' } : {}),
  };
}

/** Scaling in linear light, where there is something to scale and no profile that would have to be applied first. */
export const linearOf = ({ decode }: Plan, header: Header, ops: readonly ResolvedOp[]): Pick<Resolved, 'linear'> =>
  decode.linear && !header.icc && isPlain(header) && ops.some(({ op }) => op === 'resize' || op === 'smartcrop')
    ? { linear: true }
    : {};

const isPlain = ({ space }: Header): boolean => space === 'rgb' || space === 'grey';

const hasDepth = (header: Header): boolean => header.bitsPerChannel > 8 && isPlain(header);

function bitsOf(format: OutputFormat, { bitsPerChannel }: Header): NonNullable<ResolvedEncode['bits']> | null {
  if (format === 'png' || format === 'tif') return 16;
  if (format === 'avif') return bitsPerChannel <= 10 ? 10 : 12;
  return null;
}

const deepOps: ReadonlySet<ResolvedOp['op']> = new Set([
  'orient',
  'extract',
  'resize',
  'smartcrop',
  'extend',
  'flip',
  'blur',
  'sharpen',
  'unsharp',
  'pixelate',
]);

const keepsDepth = (op: ResolvedOp): boolean => deepOps.has(op.op) || (op.op === 'rotate' && op.degrees % 90 === 0);

import type { Config } from '../../config/config.ts';
import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { EncodeWish, OutputFormat, Plan, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { readInteger } from '../native/values.ts';
import { markSteps } from './mark.ts';
import type { Extension, Suffix } from './path.ts';
import { readResizing, resizeStep } from './resize.ts';
import type { Channel } from './settings.ts';

/** The plan of a suffix, its steps in the order of the channel. Throws not_allowed, bad_value or bad_combination. */
export function planOf(suffix: Suffix, ext: Extension, channel: Channel, assets: Config['assets']): Plan {
  const resizing = readResizing(suffix, channel);
  const { degrees, dissolve } = readTurn(suffix.turn, channel);
  const stepsOf: Readonly<Record<Channel['sequence'][number], readonly Step[]>> = {
    resize: [resizeStep(resizing)],
    rotate: degrees % 360 === 0 ? [] : [{ op: 'rotate', degrees }],
    m: markSteps(suffix, dissolve, channel, assets),
    s: [],
    f: [],
    q: [],
  };
  const encode: EncodeWish = {
    format: formats[ext],
    quality: { kind: 'absolute', value: readQuality(suffix.quality, channel) },
    progressive: false,
    ...(channel.sequence.includes('s') ? { metadata: 'none' } : {}),
    ...(degrees % 90 === 0 ? {} : { background: black }),
  };
  return canonicalPlan(
    {
      view: 'image',
      decode: { orient: false, frames: 'auto' },
      steps: channel.sequence.flatMap((name) => stepsOf[name]),
      encode,
    },
    Number.POSITIVE_INFINITY,
  );
}

const black = '000000ff';

const formats: Readonly<Record<Extension, OutputFormat>> = {
  jpg: 'jpg',
  jpeg: 'jpg',
  Jpg: 'jpg',
  gif: 'gif',
  png: 'png',
};

/** `_R<n>` turns where the channel turns by n, and else is the logo's opacity where the channel lists that. */
function readTurn(raw: string | null, channel: Channel): Readonly<{ degrees: number; dissolve: number }> {
  if (raw === null) return { degrees: 0, dissolve: channel.dissolve };
  const value = readInteger(raw, '_R', 0, 360);
  const isDissolve = channel.dissolves.includes(value);
  const isTurn = channel.rotates.includes(value);
  if (!isTurn && !isDissolve) {
    throw new PileusError('not_allowed', { detail: `This channel does not turn by ${value} degrees.` });
  }
  return { degrees: isTurn ? value : 0, dissolve: isDissolve ? value : channel.dissolve };
}

function readQuality(raw: string | null, { quality, qualities }: Channel): number {
  if (raw === null) return quality;
  const value = readInteger(raw, '_Q', 1, 100);
  if (qualities.includes(value)) return value;
  throw new PileusError('not_allowed', { detail: `This channel has no quality ${value}.` });
}

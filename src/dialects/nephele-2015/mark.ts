import type { Config } from '../../config/config.ts';
import type { Compass, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';
import type { Suffix } from './path.ts';
import type { Channel } from './settings.ts';

/** 1 to 9, row by row. */
const places: readonly Compass[] = ['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se'];
const lastPlace = 9;

/**
 * The logo of a picture: the one that the URL names, else the channel's own, if there is one. None below the channel's
 * least size, which is compared with what was asked for. Throws not_allowed for a name that the channel does not list,
 * bad_value for an asset that is not registered.
 */
export function markSteps(
  suffix: Suffix,
  dissolve: number,
  channel: Channel,
  assets: Config['assets'],
): readonly Step[] {
  const wanted = wantedLogo(suffix, channel);
  if (wanted === null) return [];
  const asset = Object.hasOwn(channel.logos, wanted.name) ? channel.logos[wanted.name] : undefined;
  if (asset === undefined) {
    throw new PileusError('not_allowed', { detail: `This channel has no logo ${quoted(wanted.name)}.` });
  }
  if (!Object.hasOwn(assets, asset)) {
    throw new PileusError('bad_value', { detail: `The logo ${quoted(wanted.name)} is not registered.` });
  }
  if (Number(suffix.w) < channel.logoWidthMin || Number(suffix.h) < channel.logoHeightMin) return [];
  return [
    {
      op: 'watermark',
      asset,
      gravity: places[wanted.place - 1] ?? 'se',
      dx: 0,
      dy: 0,
      opacity: dissolve === 0 ? 100 : dissolve,
      scalePercent: 0,
    },
  ];
}

function wantedLogo({ mark }: Suffix, { defaultLogo }: Channel): Readonly<{ name: string; place: number }> | null {
  if (mark === null || mark.name === null) return defaultLogo;
  return { name: mark.name, place: mark.place === null ? lastPlace : Number(mark.place) };
}

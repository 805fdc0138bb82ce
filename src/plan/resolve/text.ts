import { PileusError } from '../../shared/errors.ts';
import type { MarkAssets } from '../marks.ts';
import type { Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { assetNamed, checkedLook } from './watermark.ts';

/** Most characters of one text, and the largest em in pixels. */
export const textCharactersMax = 256;
export const textSizeMax = 1000;

/**
 * Text with the version of its font. Empty or unseen text is no op; how large it comes out is known only when it is drawn.
 *
 * Throws bad_value for a font that is not registered, and for text that is too long, too large, or holds control characters or halves of
 * surrogate pairs.
 */
export function textOps(step: Extract<Step, { op: 'text' }>, assets: MarkAssets): ResolvedOp[] {
  const font = assetNamed(step.font, assets);
  if (!font.font) throw badText(`the asset "${step.font}" is no font`);
  const characters = [...step.text].length;
  if (characters > textCharactersMax) throw badText(`at most ${textCharactersMax} characters, got ${characters}`);
  if (!(step.size > 0 && step.size <= textSizeMax))
    throw badText(`a size of at most ${textSizeMax} pixels, got ${step.size}`);
  if (hasControls.test(step.text)) throw badText('control characters and halves of characters cannot be drawn');
  if (step.opacity === 0 || step.text.trim() === '') return [];
  const { degrees: _degrees, shadow: _shadow, ...rest } = step;
  return [{ ...rest, ...checkedLook(step), fontVersion: font.version }];
}

const hasControls = /[^\P{C}\n\p{Cf}\p{Co}\p{Cn}]/u;

const badText = (detail: string): PileusError => new PileusError('bad_value', { detail: `text: ${detail}.` });

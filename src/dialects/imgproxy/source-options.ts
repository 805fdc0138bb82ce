import { hashDigits, isHashName } from '../../plan/hash-digits.ts';
import { type Plan, pagesMax } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { atMost, readInteger } from './arguments.ts';
import { invalidUrl } from './invalid-url.ts';
import type { ProcessingOptions } from './processing-options.ts';
import type { ImgproxySettings } from './settings.ts';

/** What a URL says of its source: which pages of it, and that it has to be a certain one. */

/** `hashsum:%type:%hex`; `none` needs no sum. */
export function hashsum(options: Pick<ProcessingOptions, 'hashsum'>, given: readonly string[], name: string): void {
  atMost(name, given, 2);
  const [type = '', sum = ''] = given;
  if (type === 'none') {
    options.hashsum = null;
    return;
  }
  if (!isHashName(type)) throw invalidUrl(`${name}: no hash "${type}"`);
  if (sum.length !== hashDigits[type] || !/^[0-9a-fA-F]+$/.test(sum))
    throw invalidUrl(`${name}: expected ${hashDigits[type]} hexadecimal digits`);
  options.hashsum = { hash: type, hex: sum.toLowerCase() };
}

export function page(options: Pick<ProcessingOptions, 'page'>, given: readonly string[], name: string): void {
  atMost(name, given, 1);
  options.page = readInteger(name, given[0] ?? '', 0, pagesMax);
}

export function pages(options: ProcessingOptions, given: readonly string[], name: string): void {
  atMost(name, given, 1);
  options.pages = readInteger(name, given[0] ?? '', 1, pagesMax);
}

/** What is decoded. */
export function framesOf(
  { page: first, pages: count, disableAnimation }: ProcessingOptions,
  { animated }: ImgproxySettings,
): Plan['decode']['frames'] {
  const animates = animated && !disableAnimation;
  if (first === 0 && count === 1) return animates ? 'auto' : 'first';
  return { page: first, pages: count, ...(animates ? {} : { still: true }) };
}

/** Throws operation_unsupported for an original, which is handed on unread. */
export function expectsOf({ hashsum: sum, raw }: ProcessingOptions): Pick<Plan, 'expects'> {
  if (sum === null) return {};
  if (raw) throw new PileusError('operation_unsupported', { detail: 'hashsum: not of what is handed on unread' });
  return { expects: sum };
}

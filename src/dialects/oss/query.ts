import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';
import { refusal } from './refusal.ts';

/** All that the text of a process is made of; base64 among it. */
const processPattern = /^[A-Za-z0-9_.,/=+-]*$/;

/**
 * The value of the parameter `name`, percent-decoded once, or null where the query does not have it. Parameters in
 * `ignored` may stand beside it and mean nothing. Throws bad_url or bad_operation.
 */
export function processIn(rawQuery: string | null, name: string, ignored: readonly string[]): string | null {
  if (rawQuery === null || rawQuery === '') return null;
  let found: string | null = null;
  for (const parameter of rawQuery.split('&')) {
    const equals = parameter.indexOf('=');
    const own = equals < 0 ? parameter : parameter.slice(0, equals);
    if (ignored.includes(own)) continue;
    if (own !== name) throw refusal('bad_operation', `There is no query parameter ${quoted(own)} here.`);
    if (found !== null) throw refusal('bad_operation', `\`${name}\` stands twice.`);
    found = decodeProcess(equals < 0 ? '' : parameter.slice(equals + 1), name);
  }
  return found;
}

function decodeProcess(raw: string, name: string): string {
  const text = decoded(raw, name);
  if (text.includes('|')) {
    throw refusal(
      'operation_unsupported',
      'Results are answered, never stored: nothing may follow `|`.',
      'NotImplemented',
    );
  }
  if (processPattern.test(text)) return text;
  throw refusal('bad_url', `\`${name}\` has a character that no action has, or is encoded twice.`);
}

function decoded(raw: string, name: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    if (error instanceof URIError) {
      throw new PileusError('bad_url', { detail: `The percent-encoding of \`${name}\` is not valid.` });
    }
    throw error;
  }
}

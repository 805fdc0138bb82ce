import { parseAmount } from '../config/amount.ts';
import { loadConfig } from '../config/load-config.ts';
import { namespaceOf } from '../dialects/native/native.ts';
import { splitNativePath } from '../dialects/native/native-path.ts';
import { signPath } from '../dialects/native/sign-path.ts';
import { decodeKey } from '../dialects/native/source-key.ts';
import { isPileusError, PileusError } from '../shared/errors.ts';
import { fileOf } from './config-flags.ts';
import { printFaults } from './print-faults.ts';
import { splitUrl } from './raw-url.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export type SignFlags = Readonly<{ config?: string; kid?: string; expiresIn?: string }>;

/** `pileus sign`: the canonical, signed form of a native URL. */
export async function sign(url: string, flags: SignFlags, nowMs: number, terminal: Terminal): Promise<number> {
  const loaded = await loadConfig({
    file: fileOf(flags.config, false, terminal),
    env: terminal.env,
    flags: {},
    revision: 1,
    cwd: terminal.cwd,
    only: 'urls',
  });
  if (!loaded.ok) {
    printFaults(loaded.faults, terminal.err);
    return exitCodes.failed;
  }
  try {
    const { base, path } = splitUrl(url);
    const { ns, rawKey, spec, ext } = splitNativePath(path);
    const kid = flags.kid ?? namespaceOf(loaded.config, ns).keys[0]?.kid ?? '';
    const signed = signPath(loaded.config, ns, decodeKey(rawKey), `${spec}${expiry(flags.expiresIn, nowMs)}`, ext, kid);
    terminal.out(`${base}${signed}`);
    return exitCodes.done;
  } catch (error) {
    if (!isPileusError(error)) throw error;
    terminal.err(`pileus: ${error.message}`);
    return exitCodes.misunderstood;
  }
}

/** `,e_<hours since 1970, base 36>`: the first whole hour by which the time has passed. */
function expiry(expiresIn: string | undefined, nowMs: number): string {
  if (expiresIn === undefined) return '';
  const ms = parseAmount(expiresIn, 'ms');
  if (ms === null || ms <= 0) {
    throw new PileusError('bad_value', { detail: `--expires-in takes a time such as 12h or 7d, got "${expiresIn}".` });
  }
  return `,e_${Math.ceil((nowMs + ms) / 3_600_000).toString(36)}`;
}

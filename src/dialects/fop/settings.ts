import { z } from 'zod';
import { isPileusError } from '../../shared/errors.ts';
import { marksSchema } from '../mark-named.ts';
import { readChain } from './chain.ts';
import type { Vendor } from './vendor.ts';

/** Settings of a mount that both clouds have. */
const base = (separator: string) =>
  z.strictObject({
    /** What may stand between a key and the name of a style. */
    separators: z
      .array(z.string().regex(/^[^A-Za-z0-9%?#&=\s]{1,4}$/, 'expected 1-4 signs'))
      .max(8)
      .default([separator]),
    /** Chains of operations by the name under which a URL asks for them. */
    styles: z.record(z.string(), z.string()).default({}),
    /** Are other URLs than those with styles refused? */
    stylesOnly: z.boolean().default(false),
    /** Names of assets by the URL under which clients ask for them as watermarks. */
    watermarks: z.record(z.string(), z.string()).default({}),
    marks: marksSchema,
    /** Names of registered fonts by the names that clients use for them. */
    fonts: z.record(z.string(), z.string()).default({}),
    /** Are unsigned URLs answered although the namespace has keys? */
    open: z.boolean().default(false),
    /** `pass`: `ignore-error/1` is read, and an error is answered as an error. */
    ignoreError: z.enum(['refuse', 'pass']).default('refuse'),
  });

/** The schema of a vendor's settings. Styles are read when the configuration is, all but the names of their watermarks. */
export const settingsFor = <More extends z.ZodRawShape>(vendor: Vendor, separator: string, more: More) =>
  base(separator)
    .extend(more)
    .superRefine((settings, context) => {
      const { separators, styles, watermarks, ignoreError } = settings as FopSettings;
      for (const [name, chain] of Object.entries(styles)) {
        const fault = nameFault(name, separators) ?? chainFault(chain, vendor, { ignoreError }, watermarks);
        if (fault !== null) context.addIssue({ code: 'custom', path: ['styles', name], message: fault });
      }
    });

export type FopSettings = z.infer<ReturnType<typeof base>>;

function nameFault(name: string, separators: readonly string[]): string | null {
  if (!/^[A-Za-z0-9_.!~@-]{1,64}$/.test(name))
    return 'expected 1-64 letters, digits and _ . ! ~ @ - as the name of a style';
  const held = separators.find((each) => name.includes(each));
  return held === undefined ? null : `the name of a style cannot hold the separator ${held}`;
}

function chainFault(
  chain: string,
  vendor: Vendor,
  lenience: Pick<FopSettings, 'ignoreError'>,
  watermarks: FopSettings['watermarks'],
): string | null {
  try {
    readChain(chain, { vendor, lenience, watermarks: { watermarks, marks: {}, fonts: {}, config: null } });
    return null;
  } catch (error) {
    if (isPileusError(error)) return error.message;
    throw error;
  }
}

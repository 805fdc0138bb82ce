import { z } from 'zod';
import { isPileusError } from '../../shared/errors.ts';
import { marksSchema } from '../mark-named.ts';
import { applyProcess } from './action.ts';
import { actions, defaults } from './actions.ts';
import { Draft } from './draft.ts';

/** `style/<name>`. */
export const stylePattern = /^[A-Za-z0-9_.-]{1,63}$/;

/** What URLs call pictures or fonts, and the registered assets that these are. */
export const watermarkNames = z
  .record(z.string().min(1), z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected the name of an asset'))
  .default({});

const style = z.string().superRefine((text, context) => {
  const draft = new Draft(defaults(false));
  try {
    applyProcess(text, actions, draft, { watermarks: {}, marks: {}, fonts: {}, config: null });
    draft.toPlan();
  } catch (error) {
    if (!isPileusError(error)) throw error;
    context.addIssue({ code: 'custom', message: error.detail ?? error.message });
  }
});

/** Settings of a mount. */
export const ossSettings = z.strictObject({
  /** Answer without signatures though the namespace has keys. */
  open: z.boolean().default(false),
  /** Source protection: refuse originals and `image/`, answer `style/` alone. */
  stylesOnly: z.boolean().default(false),
  /** Processes by name, for `style/<name>`. */
  styles: z
    .record(z.string().regex(stylePattern, 'expected 1-63 of letters, digits, _, . and - as the name'), style)
    .default({}),
  watermarks: watermarkNames,
  marks: marksSchema,
  fonts: watermarkNames,
  /** What URLs without `auto-orient` mean. */
  autoOrient: z.boolean().default(false),
  /** Query parameters that may stand in URLs and mean nothing. */
  ignoredParameters: z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)).default([]),
});

export type OssSettings = z.infer<typeof ossSettings>;

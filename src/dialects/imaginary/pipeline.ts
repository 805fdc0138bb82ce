import { z } from 'zod';
import { badValue } from '../native/values.ts';
import type { Params } from './params.ts';
import { unsupported } from './params.ts';

/** As many operations as imaginary takes. */
const operationsMax = 10;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const channels = z.array(z.number()).max(4);

const schema = z
  .array(
    z.strictObject({
      operation: z.string().max(32),
      ignore_failure: z.boolean().optional(),
      params: z.record(z.string().max(32), z.union([scalar, channels])).optional(),
    }),
  )
  .min(1)
  .max(operationsMax);

/** Operations of a pipeline with their parameters as texts. */
export type Stage = Readonly<{ name: string; params: Params }>;

/** Longest JSON, in characters. */
const textMax = 8192;

/** Reads `operations=[{"operation":"crop","params":{"width":300}}]`. Throws bad_value or operation_unsupported. */
export function readPipeline(text: string): readonly Stage[] {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) throw badValue('operations', `1-${operationsMax} of {"operation","params"}`, text);
  return parsed.data.map(({ operation, ignore_failure: ignores, params = {} }) => {
    if (ignores === true) throw unsupported('`ignore_failure`: a plan is carried out as a whole or not at all.');
    return { name: operation, params: new Map(Object.entries(params).map(([name, value]) => [name, String(value)])) };
  });
}

function jsonOf(text: string): unknown {
  if (text.length > textMax) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

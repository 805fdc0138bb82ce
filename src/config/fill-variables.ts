export type Filled = Readonly<{ ok: true; text: string } | { ok: false; problem: string }>;

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Replaces each `${NAME}` by the environment's value. */
export function fillVariables(text: string, env: Readonly<Record<string, string | undefined>>): Filled {
  const missing = variablesIn(text).filter((name) => env[name] === undefined);
  if (missing.length > 0) {
    return { ok: false, problem: `the environment has no ${missing.map((name) => `\`${name}\``).join(' and no ')}` };
  }
  return { ok: true, text: text.replace(variable, (_, name: string) => env[name] ?? '') };
}

/** Names of the variables that a text refers to. */
export const variablesIn = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(variable), ([, name = '']) => name)),
];

/**
 * JSON with the members of every object in the order of their names and absent members left out: equal data,
 * equal text, whatever the order in which it was built. What keys hash.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return listJson(value);
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of sorted(Object.keys(members))) {
    const member = members[name];
    if (member !== undefined) text += `${text === '{' ? '' : ','}${quote(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

function listJson(items: readonly unknown[]): string {
  let text = '[';
  for (const item of items) text += `${text === '[' ? '' : ','}${canonicalJson(item)}`;
  return `${text}]`;
}

/** Insertion sort in place: an object of a plan has a handful of members, too few to be worth the built-in one. */
function sorted(names: string[]): readonly string[] {
  for (let at = 1; at < names.length; at += 1) {
    const name = names[at] ?? '';
    let place = at;
    for (; place > 0 && (names[place - 1] ?? '') > name; place -= 1) names[place] = names[place - 1] ?? '';
    names[place] = name;
  }
  return names;
}

const needsNoEscape = /^[A-Za-z0-9_-]*$/;

/** Nearly every name and word of a plan is plain, and a test for that costs less than the escaping. */
const quote = (text: string): string => (needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text));

/** ` ; did you mean ...` is only said when the names are this close, as a share of the name's length. */
const distanceShareMax = 0.4;

/** The valid name that `found` was probably meant to be, or null. Case, `-` and `_` do not count. */
export function closestName(found: string, names: readonly string[]): string | null {
  const wanted = plain(found);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(Math.min(wanted.length, 64) * distanceShareMax)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, plain(name), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** `; did you mean `x`?`, or nothing. */
export function hint(found: string, names: readonly string[]): string {
  const name = closestName(found, names);
  return name === null ? '' : `; did you mean \`${name}\`?`;
}

const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); at least `limit` when more. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(
        (current[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
      current.push(least);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? limit;
}

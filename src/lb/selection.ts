import type { Rng } from '../shared/rng.ts';

/** Ways to pick one of several; each gives null for none, and the first of equals. */

/** The one with the lowest load, by looking at all. Right for one lb, whose counts are exact. */
export function leastOf<Item>(items: readonly Item[], load: (item: Item) => number): Item | null {
  let best: Item | null = null;
  let bestLoad = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const itemLoad = load(item);
    if (best === null || itemLoad < bestLoad) {
      best = item;
      bestLoad = itemLoad;
    }
  }
  return best;
}

/**
 * The lighter of two drawn at random (Mitzenmacher 2001): when several lbs share the workers their counts are
 * partial, and a full scan would send all of them to the same one.
 */
export function lighterOfTwo<Item>(items: readonly Item[], load: (item: Item) => number, rng: Rng): Item | null {
  if (items.length < 2) return items[0] ?? null;
  const first = Math.floor(rng() * items.length);
  // The second draw skips the first: an index from n-1, stepping over the hole.
  const drawn = Math.floor(rng() * (items.length - 1));
  const second = drawn >= first ? drawn + 1 : drawn;
  return leastOf([items[first] as Item, items[second] as Item], load);
}

/** Round robin by slot number: the next one at or after `turn`, around the circle. */
export function nextInTurn<Item extends { slot: number }>(items: readonly Item[], turn: number): Item | null {
  const circle = Math.max(0, ...items.map((item) => item.slot)) + 1;
  return leastOf(items, (item) => (item.slot - (turn % circle) + circle) % circle);
}

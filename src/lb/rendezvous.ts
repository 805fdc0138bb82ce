/**
 * Highest random weight hashing (Thaler and Ravishankar, 1998): the worker a source belongs to. When a worker
 * leaves, only its own sources move; no ring, no table.
 */
export function rendezvousSlot(source: string, slots: readonly number[]): number | null {
  let best: number | null = null;
  let bestWeight = -1;
  const sourceHash = fnv1a(source);
  for (const slot of slots) {
    const weight = mix(sourceHash ^ Math.imul(slot + 1, 0x9e3779b1));
    if (weight > bestWeight) {
      best = slot;
      bestWeight = weight;
    }
  }
  return best;
}

/** FNV-1a over UTF-16 units: fast, stable, and good enough before `mix`. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of murmur3: every input bit reaches every output bit. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

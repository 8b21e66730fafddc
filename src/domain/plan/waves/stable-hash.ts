/** FNV-1a's basis and prime, and a second prime for a lane that doesn't collide with the first. */
const basis = 0x811c9dc5;
const prime = 0x01000193;
const otherPrime = 0x85ebca77;

/**
 * A 53-bit hash of a text that is the same on every machine and in every run: it orders users, so
 * it must never change. Two FNV-1a lanes, each finished by MurmurHash3's mixer; not for secrets.
 * Planning hashes every user twice, and SHA-256 of `node:crypto` takes several times as long (ADR 0018).
 */
export function stableHash(text: string, seed = 0): number {
  const high = mixed(lane(text, basis ^ seed, prime));
  const low = mixed(lane(text, ~basis ^ seed, otherPrime));
  return (high >>> 11) * 2 ** 32 + low;
}

/** A 32-bit seed from a text. */
export function seedOf(text: string): number {
  return (stableHash(text) % 2 ** 32) | 0;
}

function lane(text: string, start: number, factor: number): number {
  let state = start;
  for (let i = 0; i < text.length; i += 1) {
    state = Math.imul(state ^ text.charCodeAt(i), factor);
  }
  return state;
}

/** Spreads what the last characters changed over all 32 bits. */
function mixed(state: number): number {
  let bits = state ^ (state >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

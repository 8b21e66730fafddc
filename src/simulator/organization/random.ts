/** Seeded numbers: one seed yields the same organization, delays and faults on every machine. */

/** The finalizer of MurmurHash3: every input bit moves every output bit, and it can be undone. */
export function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The inverse of `scramble`. */
export function unscramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7ed1b41d);
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243);
  return (h ^ (h >>> 16)) >>> 0;
}

export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  }
  return scramble(h);
}

/** A number in [0, 1) that depends only on these three. */
export function fraction(seed: number, item: number, salt: number): number {
  return scramble(scramble(seed ^ Math.imul(salt + 1, 0x9e3779b9)) ^ scramble(item)) / 2 ** 32;
}

/** A stream of numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let count = 0;
  return () => fraction(seed, (count += 1), 0x51ed);
}

/** A version 4 UUID that starts with these 32 bits; the rest depends on seed and bits. */
export function uuidFrom(seed: number, bits: number): string {
  const word = (salt: number): string =>
    Math.floor(fraction(seed, bits, salt) * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [b, c, d] = [word(1), word(2), word(3)];
  const head = (bits >>> 0).toString(16).padStart(8, '0');
  return `${head}-${b.slice(0, 4)}-4${b.slice(5, 8)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

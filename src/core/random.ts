/**
 * Chance without a shared stream. A decision is a hash of (seed, fault, key, ordinal), so it does not depend on what else was
 * decided before: the same seed picks the same victims on every replica, and a 10 % cohort lies inside the 20 % cohort.
 * Not for secrets.
 */

/** MurmurHash3 (Austin Appleby, public domain), 32 bit, over the UTF-16 code units of `text`, two bytes each. */
export function hash32(seed: number, text: string): number {
  let h = seed | 0;
  const pairs = text.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    h = mixBlock(h, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  }
  if (text.length > pairs) h ^= scramble(text.charCodeAt(pairs));
  return finish(h ^ (text.length * 2));
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function mixBlock(hash: number, block: number): number {
  const h = hash ^ scramble(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A uniform draw in [0, 1) that depends on nothing but its arguments. */
export type KeyedDraw = (key: string, ordinal: number) => number;

/** `u = hash(seed, faultId, key, ordinal)`, with the part that stays the same hashed once. */
export function keyedDraw({ seed, faultId }: { seed: number; faultId: string }): KeyedDraw {
  const prefix = hash32(hash32(0, String(seed)), faultId);
  return (key, ordinal) => {
    const h = hash32(prefix, key);
    return finish(mixBlock(h, ordinal | 0) ^ 4) / 0x1_0000_0000;
  };
}

/** A stream of draws for one key: the ordinal counts up by itself. */
export function drawStream(draw: KeyedDraw, key: string): () => number {
  let ordinal = 0;
  return () => draw(key, ordinal++);
}

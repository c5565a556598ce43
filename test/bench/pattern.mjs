/**
 * The bytes of a benchmark stream, known to whoever sends and whoever receives. Its length is a prime, so that a buffer which is lost, doubled or
 * handed to another stream puts everything after it out of step.
 */

const PATTERN_BYTES = 1_000_003;
const VALUES = 251;

export const pattern = Buffer.from(Uint8Array.from({ length: PATTERN_BYTES }, (_, i) => i % VALUES));

/** The byte that stands at this offset of a stream. */
export function patternByte(offset) {
  return (offset % PATTERN_BYTES) % VALUES;
}

/**
 * Bits that flip where no checksum looks. Which bytes are hit depends on the draws and on the place in the stream, not on how the stream is cut into
 * reads. The bytes given are never changed: they may be somebody’s else.
 */

/** `percent` is the share of the bytes that are hit, above 0; `afterBytes` are left alone first. */
export interface BitFlips {
  percent: number;
  afterBytes: number;
}

/** A function to be called with the reads of a stream, in order: it returns them with one bit flipped in each byte that is hit; the very same bytes if none is. */
export function bitFlipper({ percent, afterBytes }: BitFlips, random: () => number): (bytes: Buffer) => Buffer {
  /** Bytes until the next one that is hit: geometric, so that the work is done per hit and not per byte. */
  const gapBytes = (): number => (percent >= 100 ? 0 : Math.floor(Math.log1p(-random()) / Math.log1p(-percent / 100)));
  /** Counted from the next byte. */
  let nextAt = afterBytes + gapBytes();
  return (bytes) => {
    const flipped = nextAt < bytes.length ? Buffer.from(bytes) : bytes;
    for (; nextAt < flipped.length; nextAt += 1 + gapBytes()) flipped[nextAt] = (flipped[nextAt] ?? 0) ^ (1 << Math.floor(random() * 8));
    nextAt -= flipped.length;
    return flipped;
  };
}

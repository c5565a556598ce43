import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { bitFlipper } from '../../../src/dataplane/faults/bit-flips.js';

test('reads cut elsewhere are hit in the same bytes, and the reads themselves stay as they are', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 20 }),
      fc.nat(100),
      (seed, sizes, afterBytes) => {
        const flips = { percent: 3, afterBytes };
        const flipper = () => bitFlipper(flips, drawStream(keyedDraw({ seed, faultId: 'flips' }), 'stream'));
        const reads = sizes.map((size) => Buffer.alloc(size, 'x'));
        const whole = Buffer.concat(reads);
        const flipped = flipper()(whole);
        expect(Buffer.concat(reads.map(flipper())).equals(flipped)).toBe(true);
        expect(flipped.subarray(0, afterBytes).equals(whole.subarray(0, afterBytes))).toBe(true);
        expect(reads.every((read) => read.equals(Buffer.alloc(read.length, 'x')))).toBe(true);
      },
    ),
  );
});

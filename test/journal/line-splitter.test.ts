/** Lines out of bytes, however these are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../src/journal/line-splitter.js';
import { seed } from '../support/seed.js';

function linesOf(pieces: readonly Buffer[], heldBytesMax = 1_000_000): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(heldBytesMax, ({ bytes, from, to }, number) => {
    expect(number).toBe(lines.length + 1);
    lines.push(bytes.toString('utf8', from, to));
  });
  for (const piece of pieces) splitter.add(piece);
  splitter.end();
  return lines;
}

describe(`a splitter of lines (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('finds the same lines however the bytes are cut, in the middle of a character, too', () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.nat(500), { maxLength: 10 }), (given, cuts) => {
        const bytes = Buffer.from(`${given.join('\n')}\n`);
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
        expect(linesOf(pieces)).toEqual(given);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('tells a last line without its end', () => {
    expect(linesOf([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  });

  it('keeps no more of a line that comes in pieces than it may', () => {
    const pieces = [Buffer.alloc(100, 'x'), Buffer.alloc(100, 'y'), Buffer.from('\nz\n')];
    expect(linesOf(pieces, 150)).toEqual([`${'x'.repeat(100)}${'y'.repeat(50)}`, 'z']);
  });
});

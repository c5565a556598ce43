/** A table of strings: the same number for the same string, and the string back for its number. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringTable } from '../../../src/journal/columns/string-table.js';
import { seed } from '../../support/seed.js';

describe(`a table of strings (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('numbers strings in the order in which it meets them, and knows them again', () => {
    const table = new StringTable();
    expect(['a', 'b', 'a', '', 'b', ''].map((text) => table.intern(text))).toEqual([0, 1, 0, 2, 1, 2]);
    expect([table.size, table.textOf(1), table.textOf(2), table.lengthOf(0)]).toEqual([3, 'b', '', 1]);
    expect([table.idOf('b'), table.idOf('c')]).toEqual([1, undefined]);
  });

  it('keeps hundreds of thousands apart that begin alike', () => {
    const table = new StringTable();
    const texts = Array.from({ length: 300_000 }, (_, i) => `/stock/0pwvol8-${i.toString(36)}`);
    for (const text of texts) table.intern(text);
    expect(table.size).toBe(texts.length);
    expect(texts.findIndex((text, i) => table.idOf(text) !== i || table.textOf(i) !== text)).toBe(-1);
  });

  it('keeps strings that fill its blocks, that are larger than one, and that are not Latin', () => {
    const table = new StringTable();
    const texts = ['x'.repeat(1 << 19), 'y'.repeat(1 << 19), 'z'.repeat(1 << 20), 'w'.repeat((1 << 20) + 1), 'ä', '€', '\ud800', '\u0000'];
    const ids = texts.map((text) => table.intern(text));
    expect(ids.map((id) => table.textOf(id) === texts[id])).toEqual(texts.map(() => true));
    expect(texts.map((text) => table.intern(text))).toEqual(ids);
    expect(texts.map((text) => table.idOf(text))).toEqual(ids);
    expect(ids.map((id) => table.lengthOf(id))).toEqual(texts.map((text) => text.length));
  });

  it('does what a map would, with any strings', () => {
    const word = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 2_000 }), (words) => {
        const table = new StringTable();
        const model = new Map<string, number>();
        for (const text of words) {
          if (!model.has(text)) model.set(text, model.size);
          expect(table.intern(text)).toBe(model.get(text));
        }
        for (const [text, id] of model) expect(table.textOf(id)).toBe(text);
      }),
      { seed, numRuns: 100 },
    );
  });
});

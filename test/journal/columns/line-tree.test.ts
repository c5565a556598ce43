/** Frames of lines, held against trying one after the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTree, slot } from '../../../src/journal/columns/line-tree.js';
import { seed } from '../../support/seed.js';

/** Slot 0 takes digits. */
function treeOf(frames: readonly string[]): { tree: LineTree<string>; kept: string[] } {
  const tree = new LineTree<string>((_, bytes, from) => {
    let at = from;
    while (/\d/.test(String.fromCharCode(bytes[at] ?? 0))) at += 1;
    return at === from ? -1 : at;
  });
  const symbols = (frame: string): number[] => Array.from(frame, (character) => (character === '#' ? slot(0) : character.charCodeAt(0)));
  return { tree, kept: frames.filter((frame) => tree.add(symbols(frame), frame)) };
}

function find(tree: LineTree<string>, line: string): string | undefined {
  const bytes = Buffer.from(`<<${line}>>`);
  return tree.find(bytes, 2, 2 + line.length);
}

describe(`a tree of lines (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('knows lines by what stands around their values', () => {
    const { tree } = treeOf(['{n:#,to:a}', '{n:#,to:ab}', '{n:#,to:b,at:#}']);
    expect(['{n:17,to:a}', '{n:1,to:ab}', '{n:1,to:b,at:22}'].map((line) => find(tree, line))).toEqual([
      '{n:#,to:a}',
      '{n:#,to:ab}',
      '{n:#,to:b,at:#}',
    ]);
    for (const line of ['', '{', '{n:,to:a}', '{n:1,to:a', '{n:1,to:a}}', '{n:1,to:c}', '{m:1,to:a}'])
      expect(find(tree, line)).toBeUndefined();
  });

  it('keeps no frame twice, and none that another could be taken for', () => {
    const { kept } = treeOf(['{a:#}', '{a:#}', '{a:x}', '{a:#', '{a:#}}', '{b:x}', '{b:#}']);
    expect(kept).toEqual(['{a:#}', '{b:x}']);
  });

  it('finds what trying every frame would find', () => {
    const frame = fc.array(fc.constantFrom('a', 'b', 'ab', '#,'), { maxLength: 6 }).map((parts) => `{${parts.join('')}}`);
    const line = fc.array(fc.constantFrom('a', 'b', '1,', '22,', ','), { maxLength: 6 }).map((parts) => `{${parts.join('')}}`);
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (frames, lines) => {
        const { tree, kept } = treeOf(frames);
        for (const one of lines) expect(find(tree, one)).toBe(kept.find((frame) => frame === one.replaceAll(/\d+/g, '#')));
      }),
      { seed, numRuns: 500 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { BodyCopies } from '../../../src/dataplane/faults/body-copies.js';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('copies of bodies', () => {
  it('are of the bytes as they were when they came', () => {
    const copy = new BodyCopies({ bytesMax: 100 }).start({ bytesMax: 10 });
    const lent = bytes('one ');
    copy.add(lent);
    lent.fill('x');
    copy.add(bytes('two'));
    expect(copy.take()?.toString()).toBe('one two');
    expect(copy.take()).toBeUndefined();
  });

  it('of a body that is too large are given up, and so is nothing else', () => {
    const copies = new BodyCopies({ bytesMax: 100 });
    const [large, small] = [copies.start({ bytesMax: 5 }), copies.start({ bytesMax: 5 })];
    large.add(bytes('123456'));
    small.add(bytes('12345'));
    large.add(bytes('7'));
    expect([large.take(), small.take()?.toString()]).toEqual([undefined, '12345']);
  });

  it('beyond the bound of all are given up, the oldest first, though nobody told that they were left', () => {
    const copies = new BodyCopies({ bytesMax: 10 });
    const left = Array.from({ length: 5 }, () => copies.start({ bytesMax: 100 }));
    for (const copy of left) copy.add(bytes('1234'));
    expect(left.map((copy) => copy.take()?.length)).toEqual([undefined, undefined, undefined, 4, 4]);
    const last = copies.start({ bytesMax: 100 });
    last.add(bytes('1234567890'));
    expect(last.take()).toHaveLength(10);
  });
});

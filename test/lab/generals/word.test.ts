import { describe, expect, it } from 'vitest';
import { createJudge, createSigner, readWord, type Word } from '../../../src/lab/generals/word.js';

const isGenuine = createJudge(['gen-1', 'gen-2', 'gen-3']);
const [first, second] = [createSigner('gen-1'), createSigner('gen-2')];
const order: Word = first('r-1', { order: 'attack', signatures: [] });
const passedOn = second('r-1', order);

describe('a signed word', () => {
  it('is known by all who passed it on, in their order', () => {
    expect(isGenuine('r-1', ['gen-1'], order)).toBe(true);
    expect(isGenuine('r-1', ['gen-1', 'gen-2'], passedOn)).toBe(true);
    expect(isGenuine('r-1', ['gen-2', 'gen-1'], passedOn)).toBe(false);
    expect(isGenuine('r-1', ['gen-1', 'gen-3'], passedOn)).toBe(false);
  });

  it.each<[string, string, readonly string[], Word]>([
    ['another order', 'r-1', ['gen-1'], { ...order, order: 'retreat' }],
    ['another order, signed by who passes it on', 'r-1', ['gen-1', 'gen-2'], second('r-1', { ...order, order: 'retreat' })],
    ['a word of another round', 'r-2', ['gen-1'], order],
    ['no signature', 'r-1', ['gen-1'], { order: 'attack', signatures: [] }],
    ['one signature left out', 'r-1', ['gen-1', 'gen-2'], { ...passedOn, signatures: passedOn.signatures.slice(1) }],
    ['one too many', 'r-1', ['gen-1'], passedOn],
    ['somebody whom nobody knows', 'r-1', ['gen-9'], createSigner('gen-9')('r-1', { order: 'attack', signatures: [] })],
    ['what is no signature', 'r-1', ['gen-1'], { order: 'attack', signatures: ['?'] }],
  ])('is not believed with %s', (_what, round, path, word) => {
    expect(isGenuine(round, path, word)).toBe(false);
  });

  it('is read from what came over the wire, or is none', () => {
    expect(readWord({ order: 'attack', signatures: ['a'] })).toEqual({ order: 'attack', signatures: ['a'] });
    expect(readWord({ order: 'hide', signatures: [] })).toBeUndefined();
    expect(readWord({ order: 'attack', signatures: [1] })).toBeUndefined();
    expect(readWord({ order: 'attack' })).toBeUndefined();
  });
});

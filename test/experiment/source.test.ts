// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/core/errors.js';
import { readSource } from '../../src/experiment/source.js';

function firstProblem(text: string): string | undefined {
  try {
    readSource({ text, file: 'x.yaml' });
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error.message.split('\n')[0];
    throw error;
  }
}

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]`),
].join('\n');

describe('hostile text', () => {
  test.each([
    ['an empty file', '', 'x.yaml:1:1  expected an experiment, found an empty file'],
    ['a file of comments', '# nothing\n', 'x.yaml:1:1  expected an experiment, found an empty file'],
    ['a binary file', 'a: \u0000\u0001', 'x.yaml:1:4  expected text, found the control character U+0000: is this a binary file?'],
    ['a file that is too long', `a: ${'x'.repeat(2 ** 20)}`, 'x.yaml:1:1  expected at most 1048576 characters, found 1048579'],
    ['lists nested 5,000 deep', '['.repeat(5_000), 'x.yaml:1:101  expected at most 100 levels of nesting'],
    ['lists nested a million deep', '['.repeat(2 ** 20), 'x.yaml:1:101  expected at most 100 levels of nesting'],
    ['block lists on one line', '- '.repeat(200_000), 'x.yaml:1:200  expected at most 100 levels of nesting'],
    ['an alias bomb', bomb, 'x.yaml:1:1  aliases cannot be resolved: Excessive alias count indicates a resource exhaustion attack'],
    ['an open quote', 'a: "b', 'x.yaml:1:6  Missing closing "quote'],
    ['tabs as indentation', 'a:\n\tb: 1', 'x.yaml:2:1  Tabs are not allowed as indentation'],
    ['two documents', 'a: 1\n---\nb: 2', 'x.yaml:2:1  expected one document, found several (---)'],
    ['a map as key', '? {a: 1}\n: b', 'x.yaml:1:3  expected a plain word as key'],
    ['a key twice', 'a: 1\nb: {c: 1, c: 2}', 'x.yaml:2:11  the key "c" stands twice in one map'],
  ])('%s is refused with a sentence', (_about, text, said) => {
    expect(firstProblem(text)).toBe(said);
  });

  test('very many keys are refused before they cost minutes', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(firstProblem(text)).toMatch(/expected at most 100000 tokens in one file$/);
  });

  test('many keys within the bound are read, and a repeated one among them is found', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`);
    expect(firstProblem(keys.join('\n'))).toBeUndefined();
    expect(firstProblem([...keys, 'k17: 2'].join('\n'))).toBe('x.yaml:10001:1  the key "k17" stands twice in one map');
  });

  test('a reserved name is data like any other', () => {
    const { data } = readSource({ text: '__proto__: {polluted: true}\nconstructor: 1', file: 'x.yaml' });
    expect(Object.keys(data as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('the place of a path', () => {
  const { source } = readSource({ text: 'a:\n  b: [x, "${y}"]\r\n  c: &one {d: 1}\ne: *one\n', file: 'x.yaml' });
  const at = (...args: Parameters<typeof source.place>) => {
    const { line, column, length } = source.place(...args);
    return [line, column, length];
  };

  test('is that of the value', () => expect(at(['a', 'b', 0])).toEqual([2, 7, 1]));
  test('is that of the key when the key is meant', () => expect(at(['a', 'c'], { at: 'key' })).toEqual([3, 3, 1]));
  test('can be a part of the value', () => expect(at(['a', 'b', 1], { part: '${y}' })).toEqual([2, 11, 4]));
  test('leads through an alias to where the value was written', () => expect(at(['e', 'd'])).toEqual([3, 15, 1]));
  test('is the key of the nearest ancestor when there is no such path', () => expect(at(['a', 'c', 'z', 'z'])).toEqual([3, 3, 1]));
  test('is the start of the document when nothing is there', () => expect(at(['q'])).toEqual([1, 1, 1]));
});

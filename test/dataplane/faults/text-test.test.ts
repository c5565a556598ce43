import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compileGlobs, compileRegex, globSchema, regexSchema } from '../../../src/dataplane/faults/text-test.js';

/** As slow and plain as can be: every way to split the text is tried. */
function matchesSlowly(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return Array.from({ length: text.length + 1 }, (_, i) => i).some((i) => matchesSlowly(pattern.slice(1), text.slice(i)));
  return text[0] === pattern[0] && matchesSlowly(pattern.slice(1), text.slice(1));
}

describe('a glob', () => {
  test.each([
    ['/stock*', '/stock', true],
    ['/stock*', '/stock/1?', true],
    ['/stock', '/stock/1', false],
    ['*', '', true],
    ['a*b*a', 'aba', true],
    ['a*b*a', 'ab', false],
    ['ab*ba', 'aba', false],
    ['a**c', 'ac', true],
    ['/a.b', '/aXb', false],
    ['[a]+', '[a]+', true],
    ['line*', 'line\nline', true],
  ])('%s on %j: %s', (glob, text, fits) => {
    expect(compileGlobs([glob])(text)).toBe(fits);
  });

  it('says what trying every split would say', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, text, (pattern, candidate) => compileGlobs([pattern])(candidate) === matchesSlowly(pattern, candidate)),
      {
        numRuns: 2_000,
      },
    );
  });

  it('of several is enough, and in any case where that is asked for', () => {
    expect([compileGlobs(['x', 'a*'])('ab'), compileGlobs(['x', 'y'])('ab')]).toEqual([true, false]);
    expect([compileGlobs(['KUBE*'], { ignoreCase: true })('kube-Probe'), compileGlobs(['KUBE*'])('kube-Probe')]).toEqual([true, false]);
  });

  it('may be written as a plain value', () => {
    expect([globSchema.parse(7), globSchema.parse(true)]).toEqual(['7', 'true']);
    expect(globSchema.safeParse({}).success).toBe(false);
  });

  it('takes no longer for a text made to be slow', () => {
    const glob = compileGlobs(['*a*a*a*a*a*a*a*a*b']);
    expect(glob('a'.repeat(65_536))).toBe(false);
  });
});

describe('an expression', () => {
  test.each([
    ['^/users/[0-9]+$', '/users/17', true],
    ['^/users/[0-9]+$', '/users/17/x', false],
    ['users', '/v1/users/17', true],
    ['(?i)USERS', '/users', true],
  ])('%s on %s: %s', (pattern, text, fits) => {
    expect(compileRegex(pattern)(text)).toBe(fits);
  });

  it('that would backtrack for ever elsewhere is done at once', () => {
    expect(compileRegex('^(a+)+$')(`${'a'.repeat(60_000)}b`)).toBe(false);
  });

  test.each(['[', '(?=x)', '(a)\\1', '(a{1000}){1000}', ''])('%j is refused before it is used', (pattern) => {
    expect(regexSchema.safeParse(pattern).success).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { CLAIMS_MAX, type Known, readClaims, supersedes } from '../../../src/lab/members/claims.js';

const known = (standing: Known['standing'], incarnation: number): Known => ({ standing, incarnation });

describe('a claim', () => {
  it.each([
    ['alive', 1, 'suspect', 0, true],
    ['alive', 1, 'suspect', 1, false],
    ['alive', 1, 'alive', 1, false],
    ['alive', 2, 'dead', 1, true],
    ['suspect', 1, 'alive', 1, true],
    ['suspect', 0, 'alive', 1, false],
    ['suspect', 1, 'suspect', 1, false],
    ['suspect', 2, 'suspect', 1, true],
    ['suspect', 2, 'dead', 1, false],
    ['dead', 1, 'alive', 1, true],
    ['dead', 1, 'suspect', 1, true],
    ['dead', 0, 'suspect', 1, false],
    ['dead', 2, 'dead', 1, false],
  ] as const)('of %s under %i beats %s under %i: %s', (told, i, held, j, isNewer) => {
    expect(supersedes(known(told, i), known(held, j))).toBe(isNewer);
  });

  it('is read from what came over the wire, if it is one, and no more than there may be', () => {
    const claim = { about: 'm-1', standing: 'suspect', incarnation: 3, from: 'm-2' };
    const bad = [null, 7, {}, { ...claim, standing: 'gone' }, { ...claim, incarnation: 'x' }, { ...claim, from: 1 }];
    expect(readClaims([...bad, claim])).toEqual([claim]);
    expect(readClaims('none')).toEqual([]);
    expect(readClaims(Array.from({ length: 100 }, () => claim))).toHaveLength(CLAIMS_MAX);
  });
});

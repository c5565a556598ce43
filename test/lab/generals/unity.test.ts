import { expect, it } from 'vitest';
import { united, unityAfter } from '../../../src/lab/generals/unity.js';

const round = (...decisions: readonly (string | null)[]) => decisions.map((decision, i) => [`gen-${i + 1}`, decision] as const);

it('rounds count in which those who are commanded did not do the same', () => {
  const once = unityAfter(united, round('attack', 'attack', 'retreat', 'attack'));
  expect(once).toEqual({ divided: 1, lastDivided: 'gen-2 attack, gen-3 retreat, gen-4 attack' });
  expect(unityAfter(once, round('attack', 'retreat', 'retreat')).divided).toBe(1);
});

it('a commander who does something else, and a general who does not answer, divide nobody', () => {
  expect(unityAfter(united, round('attack', 'retreat', 'retreat', 'retreat'))).toBe(united);
  expect(unityAfter(united, round('attack', 'attack', null, 'attack'))).toBe(united);
  expect(unityAfter(united, [])).toBe(united);
});

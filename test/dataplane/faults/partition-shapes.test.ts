/** The shapes as properties over groups of any size, selections and seeds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedDraw } from '../../../src/core/random.js';
import {
  type Group,
  type Grudge,
  namedGroups,
  namedGrudge,
  PARTITION_SHAPES,
  type Shape,
  type Split,
} from '../../../src/dataplane/faults/partition-shapes.js';

const membersOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `n-${i + 1}`);
function groupOf(count: number, { seed = 1, selected = [] }: { seed?: number; selected?: readonly string[] } = {}): Group {
  const draw = keyedDraw({ seed, faultId: 'test' });
  return { members: membersOf(count), selected, draw: (member) => draw(member, 0) };
}
function splitOf(shape: Shape, group: Group): Split {
  const split = shape(group);
  if (typeof split === 'string') throw new Error(split);
  return split;
}
/** Who a member still sees, itself included, if what it refuses and whoever refuses it is gone. */
function sees(grudge: Grudge, member: string, members: readonly string[]): readonly string[] {
  return members.filter((other) => !grudge.get(member)?.has(other) && !grudge.get(other)?.has(member));
}
function isMutual(grudge: Grudge): boolean {
  return [...grudge].every(([member, refused]) => [...refused].every((other) => grudge.get(other)?.has(member)));
}

const groups = (min: number) =>
  fc.tuple(fc.integer({ min, max: 24 }), fc.integer(), fc.nat()).map(([count, seed, from]) => {
    const selected = membersOf(count).filter((_, i) => (from >> i) & 1);
    return groupOf(count, { seed, selected });
  });

describe('every shape', () => {
  it.each(Object.entries(PARTITION_SHAPES))(
    '%s is the same for the same seed, refuses nobody outside, and nobody itself',
    (_name, shape) => {
      fc.assert(
        fc.property(groups(1), (group) => {
          const split = shape(group);
          if (typeof split === 'string') return;
          expect(shape(group)).toEqual(split);
          expect(isMutual(split.grudge)).toBe(true);
          expect(split.grudge.size).toBeGreaterThan(0);
          for (const [member, refused] of split.grudge) {
            expect([...refused, member].every((name) => group.members.includes(name))).toBe(true);
            expect(refused.has(member)).toBe(false);
          }
          expect(split.off.every((name) => split.grudge.has(name))).toBe(true);
        }),
      );
    },
  );

  it.each([
    ['one', 2],
    ['halves', 2],
    ['majority', 3],
    ['minorityThird', 4],
    ['bridge', 3],
    ['majoritiesRing', 3],
  ] as const)('%s exists from %d members on', (name, needed) => {
    const shape = PARTITION_SHAPES[name];
    expect(shape(groupOf(needed - 1))).toBe(`expected at least ${needed} instances to part, found ${needed - 1}`);
    for (let count = needed; count < needed + 20; count++) expect(typeof shape(groupOf(count))).toBe('object');
  });
});

describe('two sides', () => {
  const sizes: readonly [keyof typeof PARTITION_SHAPES, number, (count: number) => number][] = [
    ['one', 2, () => 1],
    ['halves', 2, (count) => Math.floor(count / 2)],
    ['majority', 3, (count) => Math.floor(count / 2) + 1],
    ['minorityThird', 4, (count) => Math.ceil(count / 3) - 1],
  ];
  it.each(sizes)('of %s see their own side and nobody of the other, and the chosen side has its size', (name, min, sizeOf) => {
    fc.assert(
      fc.property(groups(min), (group) => {
        const { grudge, off } = splitOf(PARTITION_SHAPES[name], group);
        const { members } = group;
        expect(off).toHaveLength(sizeOf(members.length));
        const others = members.filter((member) => !off.includes(member));
        for (const member of members) {
          const side = off.includes(member) ? off : others;
          expect(sees(grudge, member, members).toSorted()).toEqual([...side].toSorted());
        }
      }),
    );
  });

  it('have those who were selected on the chosen side, as far as it holds them', () => {
    fc.assert(
      fc.property(groups(4), (group) => {
        for (const [name] of sizes) {
          const { off } = splitOf(PARTITION_SHAPES[name], group);
          const chosen = off.filter((member) => group.selected.includes(member)).length;
          expect(chosen).toBe(Math.min(off.length, group.selected.length));
        }
      }),
    );
  });

  it('are everybody’s by chance: each seed may choose another, and in the long run all are chosen', () => {
    const chosen = new Set(Array.from({ length: 200 }, (_, seed) => splitOf(PARTITION_SHAPES.one, groupOf(5, { seed })).off[0]));
    expect(chosen).toEqual(new Set(membersOf(5)));
  });
});

describe('a bridge', () => {
  it('is one member that sees everybody, between two sides that do not see each other', () => {
    fc.assert(
      fc.property(groups(3), (group) => {
        const { grudge, off } = splitOf(PARTITION_SHAPES.bridge, group);
        const { members } = group;
        const bridges = members.filter((member) => !grudge.has(member));
        expect(bridges).toHaveLength(1);
        const sides = members.filter((member) => grudge.has(member)).map((member) => sees(grudge, member, members).length);
        for (const size of sides) expect(Math.abs(size - 1 - (members.length - 1) / 2)).toBeLessThanOrEqual(0.5);
        if (group.selected.length > 0) expect(group.selected).toContain(bridges[0]);
        expect(off).toEqual([]);
      }),
    );
  });
});

describe('a ring of majorities', () => {
  it('shows everybody a majority, and no two the same', () => {
    fc.assert(
      fc.property(groups(3), (group) => {
        const { grudge } = splitOf(PARTITION_SHAPES.majoritiesRing, group);
        const { members } = group;
        const views = members.map((member) => sees(grudge, member, members));
        for (const view of views) expect(view.length).toBeGreaterThan(members.length / 2);
        expect(new Set(views.map((view) => view.join())).size).toBe(members.length);
      }),
    );
  });

  it('of three is a row, because a ring would leave each pair one direction', () => {
    const { grudge } = splitOf(PARTITION_SHAPES.majoritiesRing, groupOf(3));
    expect([...grudge.values()].map((refused) => refused.size)).toEqual([1, 1]);
  });
});

describe('primaries', () => {
  it('are alone each, and the others together', () => {
    fc.assert(
      fc.property(groups(2), (group) => {
        fc.pre(group.selected.length > 0);
        const { grudge, off } = splitOf(PARTITION_SHAPES.primaries, group);
        expect(off).toEqual(group.selected);
        for (const member of group.selected) expect(sees(grudge, member, group.members)).toEqual([member]);
        const rest = group.members.filter((member) => !group.selected.includes(member));
        for (const member of rest) expect(sees(grudge, member, group.members)).toEqual(rest);
      }),
    );
  });

  it('are nobody unless somebody is selected', () => {
    expect(PARTITION_SHAPES.primaries(groupOf(3))).toBe('expected `select` to say who the primaries are');
  });
});

describe('what is named', () => {
  const group = groupOf(5);

  it('as groups leaves those not named together', () => {
    const split = namedGroups([['n-1', 'n-2'], ['n-3']], group) as Split;
    expect(split.words).toBe('n-1 n-2 | n-3 | n-4 n-5');
    expect(sees(split.grudge, 'n-4', group.members)).toEqual(['n-4', 'n-5']);
  });

  it('as a grudge is taken as it stands, one way', () => {
    const { grudge, words } = namedGrudge({ 'n-5': ['n-4'] }, group) as Split;
    expect([...grudge]).toEqual([['n-5', new Set(['n-4'])]]);
    expect([isMutual(grudge), words]).toEqual([false, 'n-5 refuses n-4']);
  });

  it.each([
    ['a stranger in a group', namedGroups([['n-9']], group), 'there is no "n-9" among n-1, n-2, n-3, n-4, n-5'],
    ['a member of two groups', namedGroups([['n-1'], ['n-1']], group), '"n-1" stands in more than one place'],
    ['all in one group', namedGroups([group.members], group), 'expected groups that leave somebody apart, found all in one'],
    ['a stranger in a grudge', namedGrudge({ 'n-1': ['x'] }, group), 'there is no "x" among n-1, n-2, n-3, n-4, n-5'],
    ['a grudge against oneself', namedGrudge({ 'n-1': ['n-1'] }, group), '"n-1" cannot refuse itself'],
  ])('is refused if it is %s', (_what, split, said) => {
    expect(split).toBe(said);
  });
});

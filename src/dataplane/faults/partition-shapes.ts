/**
 * The shapes in which a group falls apart, as pure functions over names: who refuses whom. After Jepsen’s grudges, which are directional, so that
 * a one-way partition is a map like any other. Names of instances come in the order of the plan, chance as a draw for each name.
 */

/** Receiver → the members that it refuses. Whoever is not in the map refuses nobody. */
export type Grudge = ReadonlyMap<string, ReadonlySet<string>>;

export interface Group {
  /** Without repetition. */
  members: readonly string[];
  /** Those that come first to the chosen side; nobody: chance decides alone. */
  selected: readonly string[];
  /** In [0, 1), the same for the same name. */
  draw(member: string): number;
}

export interface Split {
  grudge: Grudge;
  /** Who is cut off from the rest: whoever cuts off clients too, cuts them off from these. Nobody where every member still sees enough. */
  off: readonly string[];
  /** For people: `a | b c`. */
  words: string;
}

/** A shape, or half a sentence that says why this group has none. */
export type Shape = (group: Group) => Split | string;

/** How many are more than half. */
const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/** Those selected first, else as they are drawn. */
function inDrawnOrder({ members, selected, draw }: Group): readonly string[] {
  const rank = (member: string): number => (selected.includes(member) ? 0 : 1);
  return members.toSorted((a, b) => rank(a) - rank(b) || draw(a) - draw(b));
}

/** Everybody refuses all who are not in the same part. */
function completeGrudge(parts: readonly (readonly string[])[]): Grudge {
  return new Map(
    parts.flatMap((part) => {
      const others = new Set(parts.filter((other) => other !== part).flat());
      return part.map((member) => [member, others] as const);
    }),
  );
}

/** The first part is the one that is cut off. */
function splitInto(parts: readonly (readonly string[])[], off: readonly string[] = parts[0] ?? []): Split {
  return { grudge: completeGrudge(parts), off, words: parts.map((part) => part.join(' ')).join(' | ') };
}

/** So many on the chosen side, the others on the other. */
function chosenSide(sizeOf: (count: number) => number, needed: number): Shape {
  return (group) => {
    if (group.members.length < needed) return needs(needed, group);
    const ordered = inDrawnOrder(group);
    const size = sizeOf(ordered.length);
    return splitInto([ordered.slice(0, size), ordered.slice(size)]);
  };
}

function needs(count: number, { members }: Group): string {
  return `expected at least ${count} instances to part, found ${members.length}`;
}

/** Two sides that see each other only through one member, which sees everybody. */
const bridge: Shape = (group) => {
  if (group.members.length < 3) return needs(3, group);
  const [middle = '', ...others] = inDrawnOrder(group);
  const half = Math.ceil(others.length / 2);
  const sides = [others.slice(0, half), others.slice(half)];
  return {
    grudge: completeGrudge(sides),
    off: [],
    words: `${sides[0]?.join(' ')} | ${middle} | ${sides[1]?.join(' ')}, ${middle} sees all`,
  };
};

/**
 * Everybody sees a majority, and no two see the same. Members stand in a ring and see equally far both ways. Of three the ring would leave each pair
 * one direction, which over TCP is none: there the middle one sees both others, and they do not see each other.
 */
const majoritiesRing: Shape = (group) => {
  const count = group.members.length;
  if (count < 3) return needs(3, group);
  const ring = inDrawnOrder(group);
  const reach = Math.ceil((majorityOf(count) - 1) / 2);
  const sees = (a: number, b: number): boolean => {
    const apart = Math.abs(a - b);
    return count === 3 ? apart <= 1 : Math.min(apart, count - apart) <= reach;
  };
  const refused = (at: number): ReadonlySet<string> => new Set(ring.filter((_, other) => !sees(at, other)));
  const grudge = new Map(ring.map((member, at) => [member, refused(at)] as const).filter(([, others]) => others.size > 0));
  return {
    grudge,
    off: [],
    words: `${ring.join(' ')}, in a ${count === 3 ? 'row' : 'ring'}: each sees ${count === 3 ? 1 : reach} on either side`,
  };
};

/** Each of those selected alone, the others together. */
const primaries: Shape = (group) => {
  const { selected, members } = group;
  if (selected.length === 0) return 'expected `select` to say who the primaries are';
  if (members.length < 2) return needs(2, group);
  const rest = members.filter((member) => !selected.includes(member));
  return splitInto([...selected.map((one) => [one]), ...(rest.length > 0 ? [rest] : [])], selected);
};

/** The shapes that need nothing but the group. */
export const PARTITION_SHAPES = {
  /** One against the others. */
  one: chosenSide(() => 1, 2),
  /** The smaller half against the other. */
  halves: chosenSide((count) => Math.floor(count / 2), 2),
  /** The smallest majority against the others. */
  majority: chosenSide(majorityOf, 3),
  /** As many as are less than a third, against the others. */
  minorityThird: chosenSide((count) => Math.floor((count - 1) / 3), 4),
  bridge,
  majoritiesRing,
  primaries,
} as const satisfies Record<string, Shape>;

/** Groups as they are named; members that no group names stand together. */
export function namedGroups(groups: readonly (readonly string[])[], { members }: Pick<Group, 'members'>): Split | string {
  const named = groups.flat();
  const stranger = named.find((name) => !members.includes(name));
  if (stranger !== undefined) return `there is no "${stranger}" among ${members.join(', ')}`;
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  if (twice !== undefined) return `"${twice}" stands in more than one place`;
  const rest = members.filter((member) => !named.includes(member));
  const parts = rest.length > 0 ? [...groups, rest] : groups;
  return parts.length < 2 ? 'expected groups that leave somebody apart, found all in one' : splitInto(parts);
}

/** A grudge as it is written: receiver → those it refuses. */
export function namedGrudge(written: Readonly<Record<string, readonly string[]>>, { members }: Pick<Group, 'members'>): Split | string {
  const entries = Object.entries(written);
  const stranger = entries.flatMap(([receiver, refused]) => [receiver, ...refused]).find((name) => !members.includes(name));
  if (stranger !== undefined) return `there is no "${stranger}" among ${members.join(', ')}`;
  const own = entries.find(([receiver, refused]) => refused.includes(receiver));
  if (own !== undefined) return `"${own[0]}" cannot refuse itself`;
  return {
    grudge: new Map(entries.map(([receiver, refused]) => [receiver, new Set(refused)] as const)),
    off: [],
    words: entries.map(([receiver, refused]) => `${receiver} refuses ${refused.join(' ')}`).join(', '),
  };
}

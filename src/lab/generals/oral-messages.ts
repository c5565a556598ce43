/**
 * OM(m) of Lamport, Shostak and Pease: generals who can only say things agree although m of them lie, if there are more than 3m. Pure. A path names who
 * said it to whom, the commander first: `[gen-1, gen-3]` is what gen-3 says that gen-1 said. What a reader gets wrong: silence is the order to retreat, too.
 */

export type Order = 'attack' | 'retreat';
export type Path = readonly string[];

export interface Council {
  /** In their order; the first commands. */
  readonly generals: readonly string[];
  /** How often a word is passed on: the m of OM(m), traitors that are to be borne. */
  readonly depth: number;
}

/** What whoever hears nothing does, and whoever hears as much for as against. */
export const DEFAULT_ORDER: Order = 'retreat';

export function commanderOf({ generals }: Council): string | undefined {
  return generals[0];
}

/** All that `me` has to ask for; the last name on a path is whom. Nothing for the commander, who knows. */
export function pathsFor(me: string, council: Council): readonly Path[] {
  const [commander] = council.generals;
  if (commander === undefined || commander === me) return [];
  const paths: Path[] = [];
  let longest: readonly Path[] = [[commander]];
  for (let passedOn = 0; passedOn <= council.depth; passedOn++) {
    paths.push(...longest);
    longest = longest.flatMap((path) => othersOf(me, path, council).map((other) => [...path, other]));
  }
  return paths;
}

/** What a loyal lieutenant decides that has heard what it could hear. */
export function decideOral(me: string, council: Council, heard: (path: Path) => Order | undefined): Order {
  const resolve = (path: Path, depth: number): Order => {
    const direct = heard(path) ?? DEFAULT_ORDER;
    if (depth === 0) return direct;
    return majorityOf([direct, ...othersOf(me, path, council).map((other) => resolve([...path, other], depth - 1))]);
  };
  const commander = commanderOf(council);
  return commander === undefined ? DEFAULT_ORDER : resolve([commander], council.depth);
}

/** What a loyal lieutenant decides of orders that nobody can have forged: more than one proves that the commander lies. */
export function decideSigned(orders: Iterable<Order>): Order {
  const [only, ...others] = new Set(orders);
  return only === undefined || others.length > 0 ? DEFAULT_ORDER : only;
}

function othersOf(me: string, path: Path, { generals }: Council): readonly string[] {
  return generals.filter((name) => name !== me && !path.includes(name));
}

function majorityOf(orders: readonly Order[]): Order {
  return 2 * orders.filter((order) => order === 'attack').length > orders.length ? 'attack' : DEFAULT_ORDER;
}

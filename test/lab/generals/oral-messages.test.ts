/** Oral messages against every traitor there can be: of four one is borne, of three none, and of three with signatures one again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Council, decideOral, decideSigned, type Order, type Path, pathsFor } from '../../../src/lab/generals/oral-messages.js';
import { seed } from '../../support/seed.js';

const NAMES = ['gen-1', 'gen-2', 'gen-3', 'gen-4', 'gen-5', 'gen-6', 'gen-7'];
const ORDERS: readonly Order[] = ['attack', 'retreat'];
const councilOf = (size: number, depth: number): Council => ({ generals: NAMES.slice(0, size), depth });

/** What a traitor says to whom of what; undefined: nothing. */
type Lie = (traitor: string, to: string, path: Path) => Order | undefined;

interface Battle {
  council: Council;
  order: Order;
  traitors: readonly string[];
  lie: Lie;
}

/** What each general does when the loyal ones pass on what they heard and traitors say what they like. */
function fight({ council, order, traitors, lie }: Battle): Map<string, Order> {
  const [commander = ''] = council.generals;
  const hear = (to: string, path: Path): Order | undefined => {
    const speaker = path.at(-1) ?? '';
    if (traitors.includes(speaker)) return lie(speaker, to, path);
    return speaker === commander ? order : hear(speaker, path.slice(0, -1));
  };
  const lieutenants = council.generals.slice(1).map((me) => [me, decideOral(me, council, (path) => hear(me, path))] as const);
  return new Map([[commander, order], ...lieutenants]);
}

/** All loyal ones do the same, and what a loyal commander has ordered. */
function isAgreed(battle: Battle): boolean {
  const loyal = [...fight(battle)].filter(([name]) => !battle.traitors.includes(name)).map(([, does]) => does);
  return new Set(loyal).size === 1;
}

/** Every way to answer so many questions with an order or silence. */
function answersTo(questions: number): (Order | undefined)[][] {
  if (questions === 0) return [[]];
  return answersTo(questions - 1).flatMap((rest) => [...ORDERS, undefined].map((answer) => [...rest, answer]));
}

/** Every battle of a council with one traitor, whoever it is and whatever it says. */
function battlesWithOneTraitor(size: number, depth: number): Battle[] {
  const council = councilOf(size, depth);
  return council.generals.flatMap((traitor) => {
    const questions = council.generals.flatMap((me) =>
      pathsFor(me, council)
        .filter((path) => path.at(-1) === traitor)
        .map((path) => `${me} ${path.join('/')}`),
    );
    return answersTo(questions.length).flatMap((answers) =>
      ORDERS.map((order) => ({
        council,
        order,
        traitors: [traitor],
        lie: (_traitor: string, to: string, path: Path) => answers[questions.indexOf(`${to} ${path.join('/')}`)],
      })),
    );
  });
}

describe('oral messages', () => {
  it('asks the commander, and everybody else what he said, and nobody about himself', () => {
    expect(pathsFor('gen-2', councilOf(4, 1))).toEqual([['gen-1'], ['gen-1', 'gen-3'], ['gen-1', 'gen-4']]);
    expect(pathsFor('gen-1', councilOf(4, 1))).toEqual([]);
    expect(pathsFor('gen-2', councilOf(4, 0))).toEqual([['gen-1']]);
    expect(pathsFor('gen-2', councilOf(7, 2))).toHaveLength(1 + 5 + 5 * 4);
  });

  it('of four bear every traitor, whatever it says to whom', () => {
    const battles = battlesWithOneTraitor(4, 1);
    expect(battles.length).toBe(2 * (3 ** 3 + 3 * 3 ** 2));
    expect(battles.filter((battle) => !isAgreed(battle))).toEqual([]);
  });

  it('of four do not bear one if nobody passes on what he heard', () => {
    expect(battlesWithOneTraitor(4, 0).some((battle) => !isAgreed(battle))).toBe(true);
  });

  it('of three do not bear one', () => {
    expect(battlesWithOneTraitor(3, 1).some((battle) => !isAgreed(battle))).toBe(true);
  });

  it('of seven bear two with one round more, and not without', () => {
    const parameters = { seed, numRuns: 300 };
    const traitors = fc.subarray(NAMES, { minLength: 1, maxLength: 2 });
    const lies = fc.func(fc.constantFrom<Order | undefined>('attack', 'retreat', undefined));
    const battle = (depth: number) =>
      fc.record({ order: fc.constantFrom(...ORDERS), traitors, lie: lies }).map((drawn) => ({ council: councilOf(7, depth), ...drawn }));
    fc.assert(
      fc.property(battle(2), (drawn) => isAgreed(drawn)),
      parameters,
    );
    const isFound = fc.check(
      fc.property(battle(0), (drawn) => isAgreed(drawn)),
      parameters,
    );
    expect(isFound.failed).toBe(true);
  });
});

describe('two lieutenants who hear the commander and each other', () => {
  /** What a lieutenant makes of what the commander and the other one say, in every possible way. */
  const rules = Array.from({ length: 16 }, (_, number) => (fromCommander: Order, fromOther: Order): Order => {
    const place = 2 * ORDERS.indexOf(fromCommander) + ORDERS.indexOf(fromOther);
    return ORDERS[(number >> place) & 1] ?? 'retreat';
  });
  type Rule = (typeof rules)[number];

  /** Whether no traitor can divide them, whoever it is. */
  function isSafe(first: Rule, second: Rule): boolean {
    const pairs = ORDERS.flatMap((a) => ORDERS.map((b) => [a, b] as const));
    const commanderLies = pairs.every(([a, b]) => first(a, b) === second(b, a));
    const otherLies = pairs.every(([order, lie]) => first(order, lie) === order && second(order, lie) === order);
    return commanderLies && otherLies;
  }

  it('have no rule at all that a traitor cannot break: three cannot agree', () => {
    expect(rules.flatMap((first) => rules.filter((second) => isSafe(first, second)))).toEqual([]);
  });

  it('would have one if only lieutenants lied', () => {
    const obey: Rule = (fromCommander) => fromCommander;
    expect(rules.some((rule) => ORDERS.every((a) => ORDERS.every((b) => rule(a, b) === obey(a, b))))).toBe(true);
  });
});

describe('signed messages', () => {
  it('show a commander who has signed two orders to everybody, and who does then is the same', () => {
    expect(decideSigned(['attack', 'retreat'])).toBe('retreat');
    expect(decideSigned(['retreat', 'attack', 'attack'])).toBe('retreat');
    expect(decideSigned(['attack', 'attack'])).toBe('attack');
    expect(decideSigned([])).toBe('retreat');
  });

  it('of three bear every traitor: nothing but what was signed can be passed on, or kept quiet', () => {
    // A lieutenant that lies can only keep quiet; the other one has the commander's own word.
    for (const order of ORDERS) expect([decideSigned([order]), decideSigned([order, order])]).toEqual([order, order]);
    // A commander that lies may sign an order for each, or none; loyal lieutenants pass on what they have, so both know the same.
    const told = [...ORDERS, undefined];
    const pairs = told.flatMap((first) => told.map((second) => [first, second].filter((order) => order !== undefined)));
    expect(pairs.filter((orders) => decideSigned(orders) !== decideSigned([...orders].reverse()))).toEqual([]);
  });
});

/** Generals who ask each other without a network; what one of them says is changed on its way, as a fault on the wire would. */
import { describe, expect, it } from 'vitest';
import type { JsonCaller } from '../../../src/lab/call-json.js';
import { Councillor } from '../../../src/lab/generals/councillor.js';
import type { Order } from '../../../src/lab/generals/oral-messages.js';

const NAMES = ['gen-1', 'gen-2', 'gen-3', 'gen-4'];

interface Scene {
  size: number;
  depth: number;
  isSigned?: boolean;
  traitor?: string;
  /** Of the answers of the traitor, those that are turned around. */
  isLie?: (path: string, asker: string) => boolean;
}

function councilOf({ size, depth, isSigned = false, traitor, isLie = () => false }: Scene) {
  const generals = NAMES.slice(0, size);
  const asked: string[] = [];
  const members = new Map<string, Councillor>();
  const callerOf = (asker: string): JsonCaller => ({
    call: async ({ host }, { path }) => {
      asked.push(`${asker} asks ${host}: ${path}`);
      const [, , round = '', ...by] = path.split('/');
      const word = await members.get(host)?.tell(round, by);
      if (word === undefined) return { status: 404, body: {} };
      const order = host === traitor && isLie(path, asker) ? other(word.order) : word.order;
      return { status: 200, body: { ...word, order } };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  for (const name of generals) {
    const addressOf = (host: string) => ({ host, port: 1 });
    members.set(name, new Councillor({ name, council: { generals, depth }, isSigned, addressOf, caller: callerOf(name) }));
  }
  const decide = async (round: string): Promise<Order[]> => {
    const loyal = [...members].filter(([name]) => name !== traitor);
    return Promise.all(loyal.map(([, member]) => member.decide(round)));
  };
  return { members, asked, decide };
}

const other = (order: Order): Order => (order === 'attack' ? 'retreat' : 'attack');
const ROUNDS = Array.from({ length: 40 }, (_, i) => `r-${i}`);

/** Rounds in which loyal generals do not all do the same. */
async function dividedRounds(scene: Scene): Promise<number> {
  const { decide } = councilOf(scene);
  const decisions = await Promise.all(ROUNDS.map(decide));
  return decisions.filter((orders) => new Set(orders).size > 1).length;
}

describe('a council on the wire', () => {
  const toSome = (_path: string, asker: string): boolean => asker === 'gen-2' || asker === 'gen-1';

  it('of four is divided by no traitor, commander or lieutenant', async () => {
    for (const traitor of NAMES) expect(await dividedRounds({ size: 4, depth: 1, traitor, isLie: toSome }), traitor).toBe(0);
  });

  it('is divided where nobody passes on what he heard, and where it has three', async () => {
    expect(await dividedRounds({ size: 4, depth: 0, traitor: 'gen-1', isLie: toSome })).toBe(ROUNDS.length);
    expect(await dividedRounds({ size: 3, depth: 1, traitor: 'gen-3', isLie: toSome })).toBeGreaterThan(10);
  });

  it('of three is not divided where words are signed', async () => {
    for (const traitor of ['gen-1', 'gen-3']) {
      const signed = { size: 3, depth: 1, isSigned: true, traitor };
      expect(await dividedRounds({ ...signed, isLie: toSome }), traitor).toBe(0);
      expect(await dividedRounds({ ...signed, isLie: () => true }), traitor).toBe(0);
    }
  });

  it('attacks in some rounds and retreats in others, and asks for each word once', async () => {
    const { decide, asked } = councilOf({ size: 4, depth: 1 });
    const decisions = await Promise.all(ROUNDS.map(decide));
    expect(new Set(decisions.flat()).size).toBe(2);
    expect(asked.length).toBe(ROUNDS.length * (3 + 3 * 2));
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('tells nobody what nobody may ask: of itself, of strangers, of more rounds than there are', async () => {
    const { members, asked } = councilOf({ size: 4, depth: 1 });
    const member = members.get('gen-2');
    const paths = [[], ['gen-2'], ['gen-9'], ['gen-3'], ['gen-1', 'gen-3'], ['gen-1', 'gen-1']];
    expect(await Promise.all(paths.map(async (path) => await member?.tell('r', path)))).toEqual(paths.map(() => undefined));
    expect(asked).toEqual([]);
    expect((await member?.tell('r', ['gen-1']))?.signatures).toEqual([]);
  });
});

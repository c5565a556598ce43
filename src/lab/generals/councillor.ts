/**
 * One general among the others: asks for the words that it has to hear, remembers what it was told, and decides. Each word is asked for once a round, so
 * that it passes on to the others what it goes by itself. A word that is no word, or is not signed as it should be, was never said.
 */
import { hash32 } from '../../core/random.js';
import type { JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { forgetOldest } from '../forget-oldest.js';
import { type Council, commanderOf, decideOral, decideSigned, type Order, type Path, pathsFor } from './oral-messages.js';
import { createJudge, createSigner, readWord, type Word } from './word.js';

export interface CouncillorOptions {
  readonly name: string;
  readonly council: Council;
  readonly isSigned: boolean;
  readonly addressOf: (general: string) => Address | undefined;
  readonly caller: JsonCaller;
}

/** Rounds that are remembered; the oldest is forgotten first, and would be heard anew. */
const ROUNDS_MAX = 1_000;
/** Who is asked has to ask others in turn, and waits for them no longer than this either. */
const WORD_MS_MAX = 1_500;

type Words = Map<string, Promise<Word | undefined>>;

export class Councillor {
  readonly #options: CouncillorOptions;
  readonly #sign: (round: string, word: Word) => Word;
  readonly #isGenuine: (round: string, path: Path, word: Word) => boolean;
  readonly #rounds = new Map<string, Words>();

  constructor(options: CouncillorOptions) {
    const { name, council, isSigned } = options;
    this.#options = options;
    this.#sign = isSigned ? createSigner(name) : (_round, word) => word;
    this.#isGenuine = isSigned ? createJudge(council.generals) : () => true;
  }

  /** What it does in a round. */
  async decide(round: string): Promise<Order> {
    const { name, council, isSigned } = this.#options;
    if (name === commanderOf(council)) return ownOrder(round);
    const paths = pathsFor(name, council);
    const words = await Promise.all(paths.map((path) => this.#hear(round, path)));
    const orders = words.map((word) => word?.order);
    if (isSigned) return decideSigned(orders.filter((order) => order !== undefined));
    const byPath = new Map(paths.map((path, i) => [keyOf(path), orders[i]]));
    return decideOral(name, council, (path) => byPath.get(keyOf(path)));
  }

  /** What it says that the last on the path told it; of the empty path, what it orders itself. Undefined: it was not told, or has nothing to say on that. */
  async tell(round: string, path: Path): Promise<Word | undefined> {
    const { name, council } = this.#options;
    if (path.length === 0) return name === commanderOf(council) ? this.#sign(round, { order: ownOrder(round), signatures: [] }) : undefined;
    if (path.length > council.depth || !pathsFor(name, council).some((known) => keyOf(known) === keyOf(path))) return undefined;
    const word = await this.#hear(round, path);
    return word === undefined ? undefined : this.#sign(round, word);
  }

  #hear(round: string, path: Path): Promise<Word | undefined> {
    const words = this.#wordsOf(round);
    const key = keyOf(path);
    const heard = words.get(key) ?? this.#ask(round, path);
    words.set(key, heard);
    return heard;
  }

  async #ask(round: string, path: Path): Promise<Word | undefined> {
    const { addressOf, caller, name } = this.#options;
    const address = addressOf(path.at(-1) ?? '');
    if (address === undefined) return undefined;
    const about = path.slice(0, -1).map((general) => `/${general}`);
    const answer = await caller.call(address, {
      method: 'GET',
      path: `/words/${round}${about.join('')}`,
      // Each of these is one question of one general: what a traitor that tells people apart goes by.
      headers: { 'x-round': round, 'x-question': `${round} ${name}` },
      answerMsMax: WORD_MS_MAX,
    });
    const word = answer.status === 200 ? readWord(answer.body) : undefined;
    return word !== undefined && this.#isGenuine(round, path, word) ? word : undefined;
  }

  #wordsOf(round: string): Words {
    const words = this.#rounds.get(round) ?? new Map();
    this.#rounds.set(round, words);
    forgetOldest(this.#rounds, ROUNDS_MAX);
    return words;
  }
}

/** The commander's order, as good as drawn by lot. */
function ownOrder(round: string): Order {
  return hash32(0, round) % 2 === 0 ? 'attack' : 'retreat';
}

function keyOf(path: Path): string {
  return path.join('/');
}

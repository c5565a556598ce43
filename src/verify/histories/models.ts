/**
 * Objects as they are when nobody else is there: from a state and one operation to the next state, or to nothing where such an answer is impossible. States are texts, so
 * that equal ones are found again. An operation of unknown outcome has no output: whatever it would have been answered is possible.
 */
import type { Shape } from './checker.js';
import type { Operation } from './operation.js';

export interface Model {
  readonly knows: Readonly<Record<string, Shape>>;
  readonly initial: string;
  /** The state after it; undefined where it cannot have been answered like that. */
  step(state: string, operation: Operation): string | undefined;
}

const write: Shape = { input: 'text', output: 'none' };
const read: Shape = { input: 'none', output: 'textOrNone' };

/** A value with compare-and-set; a `cas` that failed has changed nothing, and one that was done found what it expected. */
const casRegister: Model = {
  knows: { write, read, cas: { input: 'twoTexts', output: 'none' } },
  initial: 'null',
  step: (state, { f, input, output }) => {
    if (f === 'write') return JSON.stringify(input);
    if (f === 'read') return output === undefined || JSON.stringify(output) === state ? state : undefined;
    const [from, to] = input as readonly [string, string];
    return JSON.stringify(from) === state ? JSON.stringify(to) : undefined;
  },
};

/** A lock that whoever holds it can neither take twice nor another let go. */
const mutex: Model = {
  knows: { acquire: { input: 'none', output: 'none' }, release: { input: 'none', output: 'none' } },
  initial: '',
  step: (holder, { f, process }) => {
    if (f === 'acquire') return holder === '' ? `by ${process}` : undefined;
    return holder === `by ${process}` ? '' : undefined;
  },
};

/** First in, first out. What is taken of an empty queue is null. */
const fifoQueue: Model = {
  knows: { enqueue: write, dequeue: read },
  initial: '[]',
  step: (state, { f, input, output }) => {
    const items = JSON.parse(state) as string[];
    if (f === 'enqueue') return JSON.stringify([...items, input]);
    const [first = null, ...rest] = items;
    return output === undefined || output === first ? JSON.stringify(rest) : undefined;
  },
};

const grownSet: Model = {
  knows: { add: write, read: { input: 'none', output: 'texts' } },
  initial: '[]',
  step: (state, { f, input, output }) => {
    if (f === 'add') return JSON.stringify([...new Set([...(JSON.parse(state) as string[]), String(input)])].sort());
    return output === undefined || JSON.stringify([...(output as readonly string[])].sort()) === state ? state : undefined;
  },
};

/** A sum that `add` changes by what it says. */
const sum: Model = {
  knows: { add: { input: 'number', output: 'none' }, read: { input: 'none', output: 'number' } },
  initial: '0',
  step: (state, { f, input, output }) => {
    if (f === 'add') return String(BigInt(state) + BigInt(Number(input)));
    return output === undefined || String(output) === state ? state : undefined;
  },
};

export const MODELS = { casRegister, mutex, fifoQueue, set: grownSet, counter: sum } as const satisfies Readonly<Record<string, Model>>;

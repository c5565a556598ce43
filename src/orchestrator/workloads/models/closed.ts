/**
 * The closed model: so many users, each of whom waits for the answer, thinks, and asks again. A slow system gets fewer requests, so its rate says
 * little about the system; times still count from the instant at which a user meant to ask.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../../core/units.js';
import { levelAt, type Piece, piecesOf, reachedAt } from '../level.js';
import { type Arrivals, defineLoadModel } from './load-model.js';

const USERS_MAX = 5_000;
/** A user whom nobody answers waits at least so long, or a port that refuses would be asked as fast as a core can. */
const AFTER_FAILURE_MS = 100;

const users = () => z.int().min(0).max(USERS_MAX);
const stage = z.strictObject({
  users: users().meta({ description: 'how many there are at its end' }),
  over: duration().meta({ description: 'how long the change takes, evenly; 0s is a jump' }),
});

export const closed = defineLoadModel({
  name: 'closed',
  summary: 'Has so many users who wait for each answer, think, and ask again.',
  schema: z.strictObject({
    users: users().meta({ description: 'how many ask at the same time, at most 5,000' }),
    think: duration().default(0).meta({ description: 'time between an answer and the next request of that user' }),
    stages: z.array(stage).max(100).default([]).meta({ description: 'changes of their number, one after the other, from the start on' }),
  }),
  example: { users: 20, think: '500ms' },
  level: 'users',
  words: ({ users: first, think, stages }) =>
    [
      `${first} users`,
      ...(think > 0 ? [`who think for ${formatMs(think)}`] : []),
      ...stages.map((s) => `to ${s.users} over ${formatMs(s.over)}`),
    ].join(', '),
  open: ({ users: level, think, stages }) =>
    arrivals(piecesOf({ level, stages: stages.map((s) => ({ to: s.users, overMs: s.over })) }), think),
});

function arrivals(all: readonly Piece[], thinkMs: number): Arrivals {
  let pieces = all;
  /** Instants at which users that are there mean to ask, soonest first. */
  const due: number[] = [];
  /** Users that are there: those that are due and those that wait for an answer. */
  let present = 0;
  let lastMs = 0;

  /** Those that are too many leave when it would be their turn, so that no request is cut short. */
  const dismiss = (): void => {
    for (let first = due[0]; first !== undefined && present > Math.floor(levelAt(pieces, first)); first = due[0]) {
      due.shift();
      present -= 1;
      lastMs = first;
    }
  };
  const comesMs = (): number => reachedAt(pieces, { level: present + 1, afterMs: lastMs });
  return {
    nextMs: () => {
      dismiss();
      return Math.min(due[0] ?? Number.POSITIVE_INFINITY, comesMs());
    },
    take: () => {
      const [first = Number.POSITIVE_INFINITY, comes] = [due[0], comesMs()];
      lastMs = Math.min(first, comes);
      if (first <= comes) due.shift();
      else present += 1;
    },
    ended: ({ atMs, isFailure }) => {
      const ms = atMs + Math.max(thinkMs, isFailure ? AFTER_FAILURE_MS : 0);
      const place = due.findLastIndex((other) => other <= ms) + 1;
      due.splice(place, 0, ms);
    },
    setLevel: ({ atMs, level }) => {
      pieces = piecesOf({ fromMs: atMs, level });
      lastMs = Math.max(lastMs, atMs);
    },
  };
}

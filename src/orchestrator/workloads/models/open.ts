/** The open model: requests start when they are due, whatever became of those before. A slow system does not slow it, which is what users in the world are like. */
import { z } from 'zod';
import { duration, formatMs, rate } from '../../../core/units.js';
import { countedAt, countUntil, type Piece, piecesOf } from '../level.js';
import { type Arrivals, defineLoadModel } from './load-model.js';

const stage = z.strictObject({
  rate: rate().meta({ description: 'the rate at its end' }),
  over: duration().meta({ description: 'how long the change takes, evenly; 0s is a jump' }),
});

export const open = defineLoadModel({
  name: 'open',
  summary: 'Starts requests at a rate, however slow the answers are.',
  schema: z.strictObject({
    rate: rate().meta({ description: 'requests to start per second, like 120/s' }),
    stages: z
      .array(stage)
      .max(100)
      .default([])
      .meta({ description: 'changes of the rate, one after the other, from the first request on' }),
  }),
  example: { rate: '50/s', stages: [{ rate: '200/s', over: '30s' }] },
  isDefault: true,
  level: 'rate',
  words: ({ rate: first, stages }) =>
    [`${short(first)} requests/s`, ...stages.map((s) => `to ${short(s.rate)}/s over ${formatMs(s.over)}`)].join(', '),
  dueUntil: (params, ms) => countUntil(levels(params), ms),
  open: (params) => arrivals(levels(params)),
});

function levels({ rate: level, stages }: { rate: number; stages: readonly z.output<typeof stage>[] }): readonly Piece[] {
  return piecesOf({ level, stages: stages.map((s) => ({ to: s.rate, overMs: s.over })) });
}

function short(perSecond: number): string {
  return String(Number(perSecond.toFixed(2)));
}

function arrivals(all: readonly Piece[]): Arrivals {
  let pieces = all;
  /** Requests that fell due before these pieces, with fractions: a change loses none and adds none. */
  let before = 0;
  let taken = 0;
  return {
    nextMs: () => countedAt(pieces, taken - before),
    take: () => {
      taken += 1;
    },
    ended: () => {},
    setLevel: ({ atMs, level }) => {
      before += countUntil(pieces, atMs);
      pieces = piecesOf({ fromMs: atMs, level });
    },
  };
}

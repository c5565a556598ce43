import { describe, expect, it } from 'vitest';
import { createTally, opinionText, type Tally } from '../../../src/lab/heart/tally.js';

const timeouts = Object.fromEntries(['300ms', '1s', '3s'].map((timeout) => [timeout, { detector: 'fixedTimeout', params: { timeout } }]));

/** Heartbeats every 100 ms, and looks every 50. */
function beats(tally: Tally, life: string, [fromMs, toMs]: readonly [number, number]): void {
  for (let atMs = fromMs; atMs < toMs; atMs += 100) tally.hear({ life, sequence: atMs / 100 }, atMs);
}
function silence(tally: Tally, [fromMs, toMs]: readonly [number, number]): void {
  for (let atMs = fromMs; atMs < toMs; atMs += 50) tally.look(atMs);
}
const texts = (tally: Tally) => [...tally.opinions().values()].map(opinionText);

describe('time-outs over the same heartbeats', () => {
  it('a pause is a mistake of all that are shorter', () => {
    const tally = createTally(timeouts, 0);
    beats(tally, 'a', [0, 1_000]);
    silence(tally, [1_000, 3_000]);
    expect(texts(tally)).toEqual(['suspects, after 0.3 s · 0 mistakes', 'suspects, after 1.1 s · 0 mistakes', 'trusts · 0 mistakes']);
    beats(tally, 'a', [3_000, 4_000]);
    expect(texts(tally)).toEqual(['trusts · 1 mistake', 'trusts · 1 mistake', 'trusts · 0 mistakes']);
  });

  it('a crash is noticed the later, the longer they are, and is nobody’s mistake', () => {
    const tally = createTally(timeouts, 0);
    beats(tally, 'a', [0, 1_000]);
    silence(tally, [1_000, 6_000]);
    beats(tally, 'b', [6_000, 7_000]);
    expect(texts(tally)).toEqual([
      'trusts · 0 mistakes · crash seen after 0.3 s',
      'trusts · 0 mistakes · crash seen after 1.1 s',
      'trusts · 0 mistakes · crash seen after 3.0 s',
    ]);
  });

  it('nobody is suspected who was never heard', () => {
    const tally = createTally(timeouts, 0);
    silence(tally, [0, 10_000]);
    expect(texts(tally)).toEqual(Array(3).fill('trusts · 0 mistakes'));
  });
});

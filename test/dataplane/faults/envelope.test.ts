import { describe, expect, test } from 'vitest';
import { levelAt, pulseSchema, rampSchema } from '../../../src/dataplane/faults/envelope.js';

const INFINITY = Number.POSITIVE_INFINITY;

describe('without pulse or ramp', () => {
  test('the level is what it is, for ever', () => {
    expect(levelAt({ percentage: 40 }, 1e9)).toEqual({ isOn: true, percentage: 40, turnsAfterMs: INFINITY });
  });
});

describe('a pulse', () => {
  const pulse = pulseSchema.parse({ active: '2s', dormant: '3s' });

  test.each([
    [0, true, 2_000],
    [1_999.9, true, 2_000],
    [2_000, false, 5_000],
    [4_999.9, false, 5_000],
    [5_000, true, 7_000],
    [5_000_001, true, 5_002_000],
  ])('%d ms after the beginning: on %s, until %d', (elapsedMs, isOn, turnsAfterMs) => {
    expect(levelAt({ percentage: 40, pulse }, elapsedMs)).toEqual({ isOn, percentage: 40, turnsAfterMs });
  });

  test('that never rests, or turns faster than a daemon should have to follow, is refused', () => {
    expect(pulseSchema.safeParse({ active: '1s', dormant: '0ms' }).success).toBe(false);
    expect(pulseSchema.safeParse({ active: '1us', dormant: '1s' }).success).toBe(false);
  });
});

describe('a ramp', () => {
  const up = rampSchema.parse({ from: 10, to: 45, step: 20, every: '30s' });

  test.each([
    [0, 10, 30_000],
    [29_999, 10, 30_000],
    [30_000, 30, 60_000],
    [60_000, 45, INFINITY],
    [1e9, 45, INFINITY],
  ])('%d ms after the beginning: %d %, until %d', (elapsedMs, percentage, turnsAfterMs) => {
    expect(levelAt({ percentage: 100, ramp: up }, elapsedMs)).toEqual({ isOn: true, percentage, turnsAfterMs });
  });

  test('goes down as well, and ends where it was told to', () => {
    const down = rampSchema.parse({ from: 50, to: 0, step: 20, every: '1s' });
    expect([0, 1, 2, 3, 4].map((s) => levelAt({ percentage: 100, ramp: down }, s * 1_000).percentage)).toEqual([50, 30, 10, 0, 0]);
  });

  test('that does not move is refused', () => {
    expect(rampSchema.safeParse({ from: 10, to: 20, step: 0, every: '1s' }).success).toBe(false);
    expect(rampSchema.safeParse({ from: 10, to: 20, step: -5, every: '1s' }).success).toBe(false);
  });
});

test('with both, whatever turns first turns', () => {
  const both = { percentage: 100, pulse: { active: 1_500, dormant: 500 }, ramp: { from: 0, to: 100, step: 50, every: 1_000 } };
  const turns: number[] = [];
  for (let atMs = 0; turns.length < 6; ) {
    atMs = levelAt(both, atMs).turnsAfterMs;
    turns.push(atMs);
  }
  expect(turns).toEqual([1_000, 1_500, 2_000, 3_500, 4_000, 5_500]);
});

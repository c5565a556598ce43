import { describe, expect, it } from 'vitest';
import { timeout } from '../../../src/verify/mechanisms/timeout.js';

const said = (settings: unknown): string | undefined => timeout.schema.safeParse(settings).error?.issues[0]?.message;

describe('declared timeouts', () => {
  it('are understood in milliseconds', () => {
    expect(timeout.schema.parse({ total: '2s', perAttempt: '800ms', cancels: true })).toEqual({
      total: 2_000,
      perAttempt: 800,
      cancels: true,
    });
  });

  it('have a time', () => {
    expect(said({ cancels: true })).toBe('expected at least one of total, perAttempt, connect, idle');
  });

  it('leave an attempt no more than the whole', () => {
    expect(said({ total: '1s', perAttempt: '2s' })).toBe('expected no more than total');
  });
});

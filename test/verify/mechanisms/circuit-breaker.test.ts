import { describe, expect, it } from 'vitest';
import { circuitBreaker } from '../../../src/verify/mechanisms/circuit-breaker.js';

const said = (settings: unknown): string | undefined => circuitBreaker.schema.safeParse(settings).error?.issues[0]?.message;

describe('a declared circuit breaker', () => {
  it('is understood in milliseconds, and keeps silent about what was not said', () => {
    expect(circuitBreaker.schema.parse(circuitBreaker.example)).toEqual({
      failureRatio: 0.5,
      minimumThroughput: 20,
      samplingDuration: 10_000,
      breakDuration: 5_000,
    });
  });

  it('says what opens it', () => {
    expect(said({ breakDuration: '5s' })).toBe('expected what opens it: failureRatio, consecutiveFailures or slowCalls');
    expect(said({ slowCalls: { longerThan: '1s', ratio: 1 } })).toBeUndefined();
  });

  it('has one window, and breaks that grow no smaller', () => {
    expect(said({ failureRatio: 0.5, samplingCalls: 10, samplingDuration: '10s' })).toMatch(/found both$/);
    expect(said({ consecutiveFailures: 5, breakDuration: '5s', maxBreakDuration: '1s' })).toBe('expected no less than breakDuration');
    expect(said({ consecutiveFailures: 5, maxBreakDuration: '1s' })).toBeUndefined();
  });

  it('is refused with a word that no breaker has', () => {
    expect(said({ failureRate: 0.5 })).toMatch(/failureRate/);
  });
});

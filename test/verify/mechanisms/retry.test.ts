import { describe, expect, it } from 'vitest';
import { retry } from '../../../src/verify/mechanisms/retry.js';

const said = (settings: unknown): string | undefined => retry.schema.safeParse(settings).error?.issues[0]?.message;

describe('declared retries', () => {
  it('count the first attempt, and wait in milliseconds', () => {
    const backoff = { base: '25ms', max: '250ms', factor: 2, jitter: 'full' };
    expect(retry.schema.parse({ maxAttempts: 3, budgetPercent: 20, backoff })).toEqual({
      maxAttempts: 3,
      budgetPercent: 20,
      backoff: { ...backoff, base: 25, max: 250 },
    });
  });

  it('declare something that can be', () => {
    expect(said({})).toBe('expected at least one setting, found none');
    expect(said({ maxAttempts: 0 })).toBeDefined();
    expect(said({ methods: ['get'] })).toBe('expected a method, like GET');
    expect(said({ backoff: { base: '2s', max: '1s' } })).toBe('expected no less than base');
  });
});

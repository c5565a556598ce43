import { describe, expect, it } from 'vitest';
import { circuitBreaker } from '../../../src/verify/mechanisms/circuit-breaker.js';
import { declared } from '../../../src/verify/mechanisms/mechanism.js';
import { retry } from '../../../src/verify/mechanisms/retry.js';
import { edited, planText, SMALL } from '../../support/experiment.js';

const POLICIES = `  policies:
    - {name: web-breaker, from: web, to: api, circuitBreaker: {consecutiveFailures: 5, breakDuration: 5s}}
load:
`;
const plan = planText(edited(SMALL, 'load:\n', POLICIES)).recorded;

describe('what was declared', () => {
  it('is found in the recorded plan by the policy’s name', () => {
    expect(declared(plan, 'web-breaker', circuitBreaker)).toEqual({
      name: 'web-breaker',
      from: 'web',
      to: 'api',
      settings: { consecutiveFailures: 5, breakDuration: 5_000 },
    });
  });

  it('is nothing where there is no such policy, where it declares something else, and in plans of old', () => {
    expect(declared(plan, 'other', circuitBreaker)).toBeUndefined();
    expect(declared(plan, 'web-breaker', retry)).toBeUndefined();
    const { policies: _policies, ...old } = plan;
    expect(declared(old, 'web-breaker', circuitBreaker)).toBeUndefined();
  });
});

/** `topology.policies`: what is kept of them, and what is refused. */
import { describe, expect, it } from 'vitest';
import { describePlan } from '../../src/experiment/describe.js';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

const withPolicies = (...policies: string[]): string =>
  edited(SMALL, 'load:\n', `  policies:\n${policies.map((policy) => `    - {${policy}}\n`).join('')}load:\n`);
const BREAKER = 'name: breaker, from: web, to: api, circuitBreaker: {failureRatio: 0.5, breakDuration: 5s}';
const saidOf = (...policies: string[]): string | undefined => problemsOf(withPolicies(...policies))[0]?.replace(/^[^ ]+ +/, '');

describe('declared policies', () => {
  it('are kept in the recorded plan, several mechanisms under one name', () => {
    const plan = planText(withPolicies(`${BREAKER}, retry: {maxAttempts: 2}`));
    expect(plan.recorded.policies).toEqual([
      {
        name: 'breaker',
        from: 'web',
        to: 'api',
        settings: { circuitBreaker: { failureRatio: 0.5, breakDuration: 5_000 }, retry: { maxAttempts: 2 } },
        summary: 'circuitBreaker failureRatio 0.5 breakDuration 5s; retry maxAttempts 2',
      },
    ]);
    expect(describePlan(plan)).toContain(
      'Policies\n  breaker  web -> api  circuitBreaker failureRatio 0.5 breakDuration 5s; retry maxAttempts 2',
    );
  });

  it('may name a product, alone, with settings of its own, and with what is done otherwise beside it', () => {
    const [plain, tuned] =
      planText(
        withPolicies(
          'name: a, from: web, to: api, preset: envoy',
          'name: b, from: web, to: api, preset: {envoy: {consecutive5xx: 3}}, retry: {maxAttempts: 4}',
        ),
      ).recorded.policies ?? [];
    expect(plain).toMatchObject({ preset: { envoy: { consecutive5xx: 5, baseEjectionTime: 30_000 } }, settings: {}, summary: 'envoy' });
    expect(tuned).toMatchObject({ preset: { envoy: { consecutive5xx: 3 } }, summary: 'envoy consecutive5xx 3; retry maxAttempts 4' });
  });

  it('leave a plan without them as it was', () => {
    expect(planText(SMALL).recorded).not.toHaveProperty('policies');
    expect(describePlan(planText(SMALL))).not.toContain('Policies');
  });

  it.each([
    [
      'declares nothing',
      'name: a, from: web, to: api',
      'expected at least one of preset, circuitBreaker, outlierDetection, retry, timeout; found none',
    ],
    ['names an unknown product', 'name: a, from: web, to: api, preset: envoi', 'did you mean "envoy"'],
    [
      'gives a product a setting that it has not',
      'name: a, from: web, to: api, preset: {envoy: {consecutiv5xx: 3}}',
      'did you mean "consecutive5xx"',
    ],
    ['names two products', 'name: a, from: web, to: api, preset: {envoy: {}, nginx: {}}', 'expected one product'],
    ['has a mechanism that there is none of', 'name: a, from: web, to: api, retryy: {}', 'did you mean "retry"'],
    ['has a setting that there is none of', 'name: a, from: web, to: api, retry: {maxAttempt: 3}', 'did you mean "maxAttempts"'],
    ['names an unknown service', 'name: a, from: web, to: apj, retry: {maxAttempts: 3}', 'unknown service "apj"'],
    ['is between services without a link', 'name: a, from: web, to: db, retry: {maxAttempts: 3}', 'no link leads from web to db'],
  ])('are refused where one %s', (_what, policy, said) => {
    expect(saidOf(policy)).toContain(said);
  });

  it('are refused where two have one name', () => {
    expect(saidOf(BREAKER, BREAKER)).toContain('topology.policies[1].name: two policies are named "breaker"');
  });
});

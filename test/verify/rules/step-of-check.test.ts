import { expect, it } from 'vitest';
import type { RecordedPlan } from '../../../src/journal/events.js';
import { stepOfCheck } from '../../../src/verify/rules/step-of-check.js';
import { gameDayReport } from '../../support/journal.js';

const { plan } = gameDayReport({ ratePerSecond: 6, pace: 0.1 }).record;
const about = (params: unknown): string | undefined => {
  const known: RecordedPlan = { ...plan, checks: [{ name: 'c', check: 'recovery', severity: 'fail', params }] };
  return stepOfCheck(known, { name: 'c', check: 'recovery' });
};

it.each([
  [{ during: 'payments-down' }, 'payments-down'],
  [{ after: 'host-cut-off' }, 'host-cut-off'],
  [{ step: 'one-host-goes-gray' }, 'one-host-goes-gray'],
  [{ during: ['payments-down', 'host-cut-off'] }, 'payments-down'],
  [{ during: 'gray-host-returns' }, undefined],
  [{ during: 7 }, undefined],
  [{}, undefined],
  [null, undefined],
])('a check with %j is about %s', (params, step) => {
  expect(about(params)).toBe(step);
});

/** `failureDetector`: a detector that notices in time, one that is too slow, one that is nervous, and when there is nothing to judge by. */
import { describe, expect, it } from 'vitest';
import { failureDetector } from '../../../src/verify/checks/failure-detector.js';
import { type HeardCycle, heardCycle, STILL, STILL_STEP } from '../../support/simulated-heard.js';

const judged = (cycle: HeardCycle, given: object = {}) => {
  const params = {
    from: 'gateway',
    to: 'inventory',
    using: { fixedTimeout: { timeout: '1s' } },
    during: STILL_STEP,
    within: '2s',
    ...given,
  };
  return failureDetector.evaluate(failureDetector.schema.parse(params), heardCycle(cycle));
};

describe('failureDetector', () => {
  it('passes where whom the fault hit was suspected in time, and nobody else', () => {
    const { verdict, measurements, lanes } = judged({});
    expect(verdict).toBe('pass');
    expect(measurements).toMatchObject([
      { name: 'inventory-3 suspected after', value: expect.closeTo(950, -3), met: true },
      { name: 'wrong suspicions', value: 0, met: true },
    ]);
    expect(lanes?.map(({ subject, kind, segments }) => [subject, kind, segments.map(({ state }) => state).join(' ')])).toContainEqual([
      `gateway: ${STILL}`,
      'suspicion',
      'trusted suspected trusted',
    ]);
  });

  it('fails one that is too slow, with how long it took', () => {
    const slow = judged({}, { using: { fixedTimeout: { timeout: '4s' } } });
    expect([slow.verdict, slow.summary]).toEqual(['fail', expect.stringMatching(/inventory-3 was suspected after (3\.9|4\.0)/)]);
    const never = judged({}, { using: { fixedTimeout: { timeout: '60s' } } });
    expect([never.verdict, never.summary]).toEqual(['fail', expect.stringContaining('inventory-3 was not suspected in 8')]);
  });

  it('fails one that suspects somebody whom no fault has hit', () => {
    const { verdict, summary } = judged({ silent: 'inventory-1' });
    expect([verdict, summary]).toEqual(['fail', expect.stringContaining('1 wrong suspicions: inventory-1')]);
    expect(judged({ silent: 'inventory-1' }, { mistakes: 1 }).verdict).toBe('pass');
  });

  it('judges a run of very many requests', () => {
    expect(judged({ ratePerSecond: 1_000 }).verdict).toBe('pass');
  });

  it.each([
    ['the fault was over before it had to notice', { forMs: 500 }, {}, 'was not suspected in 500'],
    [
      'there were too few requests before it',
      { ratePerSecond: 1 },
      { using: { fixedTimeout: { timeout: '1500ms' } }, mistakes: 99 },
      '20 are needed to judge',
    ],
    ['the fault was never on', {}, { during: 'other' }, 'was never on'],
  ])('is inconclusive when %s', (_why, cycle, given, reason) => {
    const { verdict, summary } = judged(cycle, given);
    expect([verdict, summary]).toEqual(['inconclusive', expect.stringContaining(reason)]);
  });
});

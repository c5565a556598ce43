/** `duplicates`: done twice, perhaps done twice, and never in doubt, against callers of which all is known. */
import { describe, expect, it } from 'vitest';
import { duplicates } from '../../../src/verify/checks/duplicates.js';
import { CALLER_FAULT, type CallerScene, callerCycle } from '../../support/simulated-caller.js';
import { cellSeeds } from '../../support/simulated-cycles.js';

const params = duplicates.schema.parse({ at: 'payments', during: CALLER_FAULT });
const retrying: Omit<CallerScene, 'seed'> = { policy: { attemptsMax: 3, waitMs: () => 20 }, harm: 'answerLost' };
const once = { ...retrying, policy: { attemptsMax: 1 } };

function judged(scene: Omit<CallerScene, 'seed'> & { seed?: number }, given = params) {
  const { record, truth } = callerCycle({ seed: 1, ...scene });
  return { judgement: duplicates.evaluate(given, record), truth };
}

describe('duplicates', () => {
  it('counts exactly what was done twice', () => {
    const wrong = cellSeeds(200).filter((seed) => {
      const { judgement, truth } = judged({ ...retrying, seed, ratePerSecond: 25 });
      return judgement.verdict !== 'fail' || judgement.measurements[0]?.value !== truth.doneTwice;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it('passes who does not ask again, and a callee that knows the request again', () => {
    const knowing = duplicates.schema.parse({ at: 'payments', during: CALLER_FAULT, accepted: { status: [200] } });
    const verdicts = cellSeeds(100).flatMap((seed) => [
      judged({ ...once, seed, ratePerSecond: 25 }).judgement.verdict,
      judged({ ...retrying, seed, ratePerSecond: 25, knowsAgain: true }, knowing).judgement.verdict,
    ]);
    expect([...new Set(verdicts)]).toEqual(['pass']);
  }, 60_000);

  it('judges nobody who was never in doubt', () => {
    const verdicts = cellSeeds(67).flatMap((seed) =>
      [{ isIdle: true }, { isUnfelt: true }, { harm: 'unavailable' as const, ratePerSecond: 10 }].map(
        (idle) => judged({ ...once, ratePerSecond: 25, ...idle, seed }).judgement.verdict,
      ),
    );
    expect([...new Set(verdicts)]).toEqual(['inconclusive']);
  }, 60_000);

  it('does not pass what was done twice because a fault reported it as failed', () => {
    const flipped = { ...retrying, harm: 'flipped' as const };
    const { judgement, truth } = judged(flipped);
    expect(truth.doneTwice).toBeGreaterThan(50);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('more may have been') });
    expect(judged({ ...flipped, harmRatio: 1 }).judgement.verdict).toBe('inconclusive');
    const knowing = duplicates.schema.parse({ at: 'payments', during: CALLER_FAULT, accepted: { status: [200] } });
    expect(judged({ ...flipped, policy: { attemptsMax: 1 } }, knowing).judgement.verdict).toBe('pass');
  });

  it('shows both attempts, and what else could look like it', () => {
    const { judgement, truth } = judged(retrying);
    expect(judgement.summary).toMatch(
      new RegExp(
        `^payments during "trouble": ${truth.doneTwice} of \\d+ requests whose caller could not know the outcome were done more than once`,
      ),
    );
    expect(judgement).toMatchObject({ correlation: 'C2', alternatives: [expect.stringContaining('knows the request again')] });
    expect(judgement.evidence.length).toBeGreaterThanOrEqual(6);
  });

  it('bounds what it has not seen', () => {
    expect(judged(once).judgement.summary).toMatch(
      /^payments during "trouble": 0 of \d+ .* more than once, so less than \d\.\d\d % of such requests are$/,
    );
  });

  it('joins by the unique key in the path, and says so when nothing joins', () => {
    expect(judged({ ...retrying, token: 'inPath' }).judgement).toMatchObject({ verdict: 'fail', correlation: 'C1' });
    expect(judged({ ...retrying, token: 'dropped' }).judgement).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('(C0)'),
    });
  });

  it('knows a request by the header that it was told, and says so when none carries it', () => {
    const byHeader = duplicates.schema.parse({ at: 'payments', key: { header: 'Idempotency-Key' }, during: CALLER_FAULT });
    const { record, truth } = callerCycle({ seed: 1, ...retrying, token: 'dropped' });
    expect(duplicates.evaluate(byHeader, record).summary).toMatch(/^none of \d+ requests to payments carries idempotency-key$/);
    const keyed = callerCycle({ seed: 1, ...retrying, token: 'inHeader' }).record;
    expect(duplicates.evaluate(byHeader, keyed).measurements[0]?.value).toBe(truth.doneTwice);
  });
});

/** What detectors make of answers, in virtual time: silence, slowness and errors are told apart by those who can. */
import { describe, expect, it } from 'vitest';
import { detectorChoice } from '../../../src/verify/detectors/choice.js';
import { spansOf } from '../../../src/verify/detectors/quality.js';
import { type Heard, suspicionTurns } from '../../../src/verify/inference/suspicions.js';

const span = { fromMs: 0, toMs: 20_000 };
/** Every 100 ms, answered within 5 ms; of those between, as it is said. */
const requests = (between: (startMs: number) => object): Heard[] =>
  Array.from({ length: 200 }, (_, i) => i * 100).map((startMs) => {
    const well = { responseStartMs: startMs + 5, endMs: startMs + 6, status: 200, end: 'complete' as const };
    return startMs >= 8_000 && startMs < 14_000 ? { ...well, ...between(startMs) } : well;
  });
const lost = (startMs: number): object => ({ responseStartMs: undefined, endMs: startMs + 1_000, end: 'clientClosed' });
const suspicions = (using: object, heard: readonly Heard[]) =>
  spansOf(suspicionTurns(detectorChoice.parse(using), heard, span), span.toMs).map(({ fromMs, toMs }) => [fromMs, toMs]);

describe('a detector that hears answers', () => {
  it('suspects who does not answer after its time-out, and trusts again with the first answer', () => {
    expect(suspicions({ fixedTimeout: { timeout: '2s' } }, requests(lost))).toEqual([[9_950, 14_050]]);
  });

  it('by phi suspects sooner, the steadier the answers were', () => {
    const [[fromMs = 0] = []] = suspicions({ phiAccrual: { threshold: 8, interval: '100ms', deviationMin: '50ms' } }, requests(lost));
    expect([fromMs > 8_000, fromMs < 9_000]).toEqual([true, true]);
  });

  it('that asks counts failures in a row, as they end', () => {
    expect(suspicions({ kubernetesProbe: { failureThreshold: 3 } }, requests(lost))).toEqual([[9_200, 14_050]]);
    expect(
      suspicions(
        { kubernetesProbe: { failureThreshold: 3 } },
        requests(() => ({ status: 503 })),
      ),
    ).toEqual([[8_250, 14_050]]);
  });

  it('takes an error for a sign of life, where it hears only that', () => {
    expect(
      suspicions(
        { fixedTimeout: { timeout: '2s' } },
        requests(() => ({ status: 503 })),
      ),
    ).toEqual([]);
  });

  it('does the same whatever the order in which it is told', () => {
    const using = { phiAccrual: { threshold: 8, interval: '100ms' } };
    expect(suspicions(using, requests(lost).reverse())).toEqual(suspicions(using, requests(lost)));
  });
});

describe('a choice of detector', () => {
  it.each([
    ['numbers of heartbeats, which requests do not have', { chenArrival: { interval: '1s', margin: '1s' } }],
    ['opinions of others alone', { quorum: { needed: 2 } }],
    ['two at once', { fixedTimeout: { timeout: '1s' }, kubernetesProbe: {} }],
    ['a setting that it does not have', { fixedTimeout: { limit: '1s' } }],
  ])('refuses one that needs %s', (_what, using) => {
    expect(detectorChoice.safeParse(using).success).toBe(false);
  });

  it('fills in the defaults of the detector', () => {
    expect(detectorChoice.parse({ kubernetesProbe: {} })).toEqual({
      detector: 'kubernetesProbe',
      params: { failureThreshold: 3, successThreshold: 1 },
    });
  });
});

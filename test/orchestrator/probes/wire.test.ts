import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/journal/observations.js';
import { wire } from '../../../src/orchestrator/probes/wire.js';
import { probing } from '../../support/probing.js';

const answers = (count: number, given: Partial<Exchange> = {}): Exchange[] =>
  Array.from({ length: count }, () => ({ startMs: 0, endMs: 10, status: 200, end: 'complete', ...given }) as Exchange);

const ask = (tolerance: object, exchanges: readonly Exchange[], before: readonly Exchange[] = []) => {
  const params = wire.schema.parse({ target: { to: 'gateway' }, tolerance });
  return wire.run(params, probing({ recent: () => exchanges, baseline: () => before }), AbortSignal.timeout(1_000));
};

describe('the wire probe', () => {
  it('judges the share of answers; a server error and a cut connection are none', async () => {
    const exchanges = [...answers(97), ...answers(2, { status: 503 }), ...answers(1, { end: 'upstreamReset' })];
    expect(await ask({ metric: 'successRate', criteria: '>=', value: 97 }, exchanges)).toMatchObject({ met: true, value: 97 });
    expect(await ask({ metric: 'successRate', criteria: '>=', value: 97.5 }, exchanges)).toMatchObject({ met: false });
    expect(await ask({ metric: 'errorRate', criteria: '<', value: 3 }, exchanges)).toMatchObject({ met: false });
  });

  it('judges percentiles by nearest rank, in milliseconds of a quantity with its unit', async () => {
    const exchanges = [...answers(98), ...answers(2, { endMs: 400 })];
    expect(await ask({ metric: 'p99', criteria: '<=', value: '500ms' }, exchanges)).toMatchObject({ met: true, value: 400 });
    expect(await ask({ metric: 'p99', criteria: '<=', value: '300ms' }, exchanges)).toMatchObject({ met: false });
    expect(await ask({ metric: 'p50', criteria: '<=', value: '10ms' }, exchanges)).toMatchObject({ met: true, value: 10 });
  });

  it('cannot judge without traffic, except for the rate itself', async () => {
    expect(await ask({ metric: 'successRate', criteria: '>=', value: 0 }, [])).toMatchObject({ met: null, value: null });
    expect(await ask({ metric: 'rate', criteria: '>', value: 0 }, [])).toMatchObject({ met: false, value: 0 });
  });

  it('judges the share of answers that are as expected, of those of which something was expected', async () => {
    const exchanges = [...answers(9, { expectation: 'met' }), ...answers(1, { expectation: 'wrongBody' }), ...answers(90, { status: 503 })];
    expect(await ask({ metric: 'checkRate', criteria: '>=', value: 90 }, exchanges)).toMatchObject({
      met: true,
      value: 90,
      detail: 'checkRate 90.00 % over 10 requests in 5.00s',
    });
    expect(await ask({ metric: 'checkRate', criteria: '>=', value: 0 }, answers(5))).toMatchObject({
      met: null,
      detail: 'no request with an expectation ended in the last 5.00s',
    });
  });

  it('refuses a share beyond 100 and a percentile without a unit', () => {
    const parse = (tolerance: object) => wire.schema.safeParse({ target: { to: 'g' }, tolerance }).success;
    expect(parse({ metric: 'successRate', criteria: '>=', value: 101 })).toBe(false);
    expect(parse({ metric: 'p99', criteria: '<=', value: 300 })).toBe(false);
    expect(parse({ metric: 'p99', criteria: '<=', value: '300ms', unit: 'ms' })).toBe(false);
  });

  it('compares with the baseline, once there is one', async () => {
    const slower = (max: number) => ({ baselineRatio: { metric: 'p99', max } });
    expect(await ask(slower(2), answers(10, { endMs: 20 }), answers(10))).toMatchObject({ met: true, value: 20 });
    expect(await ask(slower(1.9), answers(10, { endMs: 20 }), answers(10))).toMatchObject({
      met: false,
      detail: 'p99 20ms over 10 requests, 10ms in the baseline',
    });
    expect(await ask(slower(2), answers(10))).toMatchObject({ met: null });
    expect(await ask(slower(2), [], answers(10))).toMatchObject({ met: null });
  });

  it('takes errors for beyond any number of times none', async () => {
    const errors = { baselineRatio: { metric: 'errorRate', max: 1_000 } };
    expect(await ask(errors, answers(10), answers(10))).toMatchObject({ met: true, value: 0 });
    expect(await ask(errors, [...answers(9), ...answers(1, { status: 500 })], answers(10))).toMatchObject({ met: false });
  });
});

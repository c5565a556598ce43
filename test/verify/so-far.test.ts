import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';
import { circuitBreaker } from '../../src/verify/checks/circuit-breaker.js';
import { judgeSoFar } from '../../src/verify/so-far.js';
import { breaker, PAYMENTS_DOWN } from '../support/simulated-cycles.js';

const step = (name: string) => ({
  name,
  kind: 'fault',
  startAfter: [],
  fault: { type: 'abort', performs: 'abort', links: ['a->b'], instances: ['b'], durationMs: 10, minMatched: 1, summary: 'abort' },
});
const felt = (name: string) => ({
  name: `${name}-was-felt`,
  check: 'faultWasFelt',
  severity: 'fail',
  params: { step: name, minMatched: 1 },
});
const plan = {
  title: 't',
  file: '',
  environment: '',
  seed: 1,
  inputs: {},
  services: [],
  links: [],
  probes: [],
  steps: [step('one'), step('two')],
  checks: [felt('one'), felt('two')],
};
const over = (name: string, matched: number) => [
  { type: 'stepStarted', step: name },
  { type: 'faultApplied', fault: name, step: name },
  { type: 'faultEnded', fault: name, step: name, reason: 'duration', matched, applied: matched, skipped: 0 },
  { type: 'stepEnded', step: name, outcome: 'completed' },
];
const soFar = (...events: object[]) =>
  judgeSoFar(
    foldJournal(
      [{ type: 'runStarted', run: 'r', epoch: 1, version: '1', wallMs: 0, plan }, ...events].map(
        (event, i) => ({ n: i + 1, atMs: i, ...event }) as unknown as JournalEvent,
      ),
    ),
  ).soFar.map(({ state }) => state);

describe('what is known of promises while a run goes on', () => {
  it('is nothing before their fault is over', () => {
    expect(soFar()).toEqual(['open', 'open']);
    expect(soFar(...over('one', 3).slice(0, 2))).toEqual(['open', 'open']);
  });

  it('does not hold it against the run that it is not over', () => {
    expect(soFar(...over('one', 3))).toEqual(['pass', 'open']);
  });

  it('leaves open what there is not enough to judge by', () => {
    expect(soFar(...over('one', 3), ...over('two', 0))).toEqual(['pass', 'open']);
  });

  it('tells what a breaker is in while its fault is still on, and judges nothing by that', () => {
    const { record, fault } = breaker({ trip: 'timeWindow', waitMs: () => 1_500, permits: 1 }, { seed: 1 });
    const params = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: PAYMENTS_DOWN, opensWithin: '4s' });
    const checks = [{ name: 'opens', check: 'circuitBreaker', severity: 'fail', params } as const];
    const still = { toMs: Number.POSITIVE_INFINITY, endedBy: 'unknown', matched: 0, applied: 0 } as const;
    const faults = record.faults.map((window) => ({ ...window, ...still }));
    const steps = [{ step: PAYMENTS_DOWN, fromMs: fault.fromMs, toMs: Number.POSITIVE_INFINITY, outcome: 'unfinished' }] as const;
    const { soFar: known, lanes } = judgeSoFar({
      ...record,
      plan: { ...record.plan, checks },
      faults,
      steps: [...steps],
      toMs: fault.toMs,
    });
    expect(known).toMatchObject([{ name: 'opens', state: 'open' }]);
    expect(lanes).toMatchObject([{ kind: 'breaker', subject: expect.stringContaining('payments') }]);
    expect(lanes[0]?.segments.map(({ state }) => state)).toContain('open');
  });
});

import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { foldJournal } from '../../src/journal/record.js';
import { judgeSoFar } from '../../src/verify/so-far.js';

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
});

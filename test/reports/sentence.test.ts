import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { sentenceOf } from '../../src/reports/sentence.js';

const at = { n: 1, atMs: 0 };

describe('a sentence about an event', () => {
  it.each<[JournalEvent, string]>([
    [{ ...at, type: 'faultEnded', fault: 'f', step: 's', reason: 'expired', matched: 1, applied: 0, skipped: 1 }, 'its lease ran out'],
    [
      { ...at, type: 'faultEnded', fault: 'f', step: 's', reason: 'healed', matched: 9, applied: 4, skipped: 3, overflow: 2 },
      '2 more were too many at a time',
    ],
    [{ ...at, type: 'faultTurned', fault: 'f', step: 's', change: 'changed', isOn: true, percentage: 20 }, 'fault changed: s, 20 %'],
    [{ ...at, type: 'serviceExited', instance: 'pay-1', code: 3, signal: null, expected: false }, 'pay-1 exited by itself (code 3)'],
    [{ ...at, type: 'stepEnded', step: 's', outcome: 'error', reason: 'refused' }, 'step s ended: error, refused'],
    [{ ...at, type: 'observationsLost', count: 2, reason: 'queue full' }, '2 observations lost: queue full'],
    [{ ...at, type: 'runEnded', status: 'stopped', steadyState: 'met', cleanup: 'dirty' }, 'HEALING IS NOT CONFIRMED'],
    [{ ...at, type: 'healFailed', reason: 'no answer' }, 'healing failed: no answer'],
  ])('%o tells what a person has to know', (event, part) => {
    expect(sentenceOf(event)).toContain(part);
  });

  it.each<JournalEvent>([
    { ...at, type: 'serviceExited', instance: 'pay-1', code: 0, signal: null, expected: true },
    { ...at, type: 'phaseEnded', phase: 'method' },
    { ...at, type: 'stepEnded', step: 's', outcome: 'completed' },
    { ...at, type: 'probeResult', probe: 'p', phase: 'method', met: true, value: 1, detail: '' },
  ])('is not made of what went as it should: %o', (event) => {
    expect(sentenceOf(event)).toBeUndefined();
  });
});

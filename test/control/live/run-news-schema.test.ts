import { describe, expect, it } from 'vitest';
import { runNewsSchema } from '../../../src/control/live/run-news-schema.js';
import { emptySecond } from '../../../src/journal/second-tally.js';

const empty = { epoch: 1, events: [], seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 };
const event = { n: 1, atMs: 1, type: 'phaseStarted', phase: 'method' };

describe('news of a run as they come over the wire', () => {
  it('are events of the journal, sums, and verdicts', () => {
    const lanes = [{ subject: '<script>', kind: 'breaker', segments: [{ state: 'open', fromMs: 1, toMs: 2 }] }];
    const verdicts = {
      atMs: 1,
      final: null,
      findings: [{ name: 'n', check: 'retry', severity: 'fail', state: 'open', summary: '' }],
      lanes,
    };
    const news = { ...empty, events: [event], seconds: [emptySecond('load->a', 7)], verdicts };
    expect(runNewsSchema.parse(news)).toEqual(news);
  });

  it.each([
    ['traffic', { ...empty, events: [{ ...event, type: 'exchange' }] }],
    ['an event that nobody knows', { ...empty, events: [{ ...event, type: '__proto__' }] }],
    ['an event that lacks what it is about', { ...empty, events: [{ n: 1, atMs: 1, type: 'phaseStarted' }] }],
    ['an event without a number', { ...empty, events: [{ ...event, n: 'x' }] }],
    ['more events than the bound', { ...empty, events: Array.from({ length: 2_001 }, () => event) }],
    ['no epoch', { ...empty, epoch: 0 }],
    ['a sum of infinity', { ...empty, seconds: [{ ...emptySecond('a', 1), requests: Number.POSITIVE_INFINITY }] }],
    ['a sum with more than a sum', { ...empty, seconds: [{ ...emptySecond('a', 1), html: '<b>' }] }],
  ])('are refused with %s', (_, news) => {
    expect(runNewsSchema.safeParse(news).success).toBe(false);
  });
});

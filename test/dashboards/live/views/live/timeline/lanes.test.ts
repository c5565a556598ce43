import { describe, expect, it } from 'vitest';
import { lanesOf } from '../../../../../../dashboards/live/src/views/live/timeline/lanes.js';
import type { LiveEvent } from '../../../../../../src/control/live/contract.js';

const probe = (n: number, atMs: number, met: boolean | null): LiveEvent => ({
  n,
  atMs,
  type: 'probeResult',
  probe: 'shop-answers',
  phase: 'method',
  met,
  value: 1,
  detail: '99 %',
});

describe('the lanes of the timeline', () => {
  it('show phases one after another, the last for as long as it goes on', () => {
    const [phases] = lanesOf(
      [
        { n: 1, atMs: 10, type: 'phaseStarted', phase: 'setup' },
        { n: 2, atMs: 20, type: 'phaseEnded', phase: 'setup' },
        { n: 3, atMs: 20, type: 'phaseStarted', phase: 'method' },
      ],
      [],
      [],
    );
    expect(phases?.segments.map(({ text, fromMs, toMs }) => [text, fromMs, toMs])).toEqual([
      ['set up', 10, 20],
      ['method', 20, Number.POSITIVE_INFINITY],
    ]);
  });

  it('draw a probe’s results of one kind as one state, and a silence as a gap', () => {
    const told = [probe(1, 1_000, true), probe(2, 2_000, true), probe(3, 3_000, false), probe(4, 4_000, null), probe(5, 60_000, true)];
    const [lane] = lanesOf(told, [], []);
    expect(lane?.segments.map(({ look, fromMs, toMs }) => [look, fromMs, toMs])).toEqual([
      ['calm', 1_000, 3_000],
      ['alarm', 3_000, 4_000],
      ['unsure', 4_000, 4_000],
      ['calm', 60_000, 60_000],
    ]);
  });

  it('mark what people said and what stopped the run, in the words of the report', () => {
    const [lane] = lanesOf(
      [
        { n: 1, atMs: 5, type: 'note', text: '<script>', by: 'ada' },
        { n: 2, atMs: 6, type: 'stopTripped', condition: 'shop-is-up', detail: '49 %' },
      ],
      [],
      [],
    );
    expect(lane?.marks).toEqual([
      { atMs: 5, look: 'note', text: 'ada: <script>' },
      { atMs: 6, look: 'stop', text: 'stop condition: shop-is-up: 49 %' },
    ]);
  });

  it('name a breaker’s states as the report does', () => {
    const [lane] = lanesOf([], [], [{ subject: 'a -> b', kind: 'breaker', segments: [{ state: 'halfOpen', fromMs: 1, toMs: 2 }] }]);
    expect(lane).toMatchObject({ label: 'a -> b', segments: [{ text: 'half-open', look: 'trial' }] });
  });
});

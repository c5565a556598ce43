import { expect, test } from 'vitest';
import { NOTES_MAX, RunSpans } from '../../../src/interchange/otlp/run-spans.js';
import { spanIdOf, traceIdOf } from '../../../src/interchange/otlp/span.js';
import type { JournalEvent } from '../../../src/journal/events.js';
import { gameDay } from '../../support/journal.js';

const day = gameDay({ pace: 0.2, ratePerSecond: 20 });
const started = day.events.find((event) => event.type === 'runStarted');
const run = started?.run ?? '';

function traced(events: readonly JournalEvent[]) {
  const spans = new RunSpans();
  return [
    ...events.flatMap((event) => spans.add(event)),
    ...spans.finish({ verdict: 'fail', exitCode: 1, findings: [{ name: 'p', check: 'retry', verdict: 'fail', summary: 'twice' }] }),
  ];
}
const named = (name: string, spans = traced(day.events)) => spans.find((span) => span.name === name);

test('a run is one trace: its phases under it, steps under the method, faults under their steps, requests under their faults', () => {
  const spans = traced(day.events);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(run)]));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect(byId.size).toBe(spans.length);
  const above = (name: string) => byId.get(named(name, spans)?.parentSpanId ?? '')?.name;
  expect(spans.at(-1)).toMatchObject({ name: 'run gray-failure', parentSpanId: undefined });
  expect(above('phase method')).toBe('run gray-failure');
  expect(above('step payments-down')).toBe('phase method');
  expect(above('fault partition')).toBe('step host-cut-off');
  const requests = spans.filter(({ kind }) => kind === 'client');
  expect(requests.length).toBeGreaterThan(5);
  for (const { parentSpanId } of requests) expect(byId.get(parentSpanId ?? '')?.name).toMatch(/^fault /);
});

test('spans lie on the wall clock, each within the one above it', () => {
  const spans = traced(day.events);
  expect(spans.at(-1)?.startWallMs).toBe(started?.wallMs);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  for (const span of spans.filter(({ kind }) => kind === 'internal')) {
    const parent = byId.get(span.parentSpanId ?? '');
    expect(span.endWallMs).toBeGreaterThanOrEqual(span.startWallMs);
    if (parent !== undefined) expect(span.startWallMs).toBeGreaterThanOrEqual(parent.startWallMs);
  }
});

test('the run’s own span comes last and says what was found; a broken promise is a failure', () => {
  const root = traced(day.events).at(-1);
  expect(root).toMatchObject({ failure: 'verdict fail' });
  expect(root?.attributes).toMatchObject({ 'faultlab.verdict': 'fail', 'faultlab.exit_code': 1, 'faultlab.status': 'completed' });
  expect(root?.notes.at(-1)).toMatchObject({ name: 'finding', attributes: { name: 'p', summary: 'twice' } });
});

test('the same events give the same spans, and a run that broke off gives those that it had, as unfinished', () => {
  expect(traced(day.events)).toEqual(traced(day.events));
  const applied = day.events.findIndex(({ type }) => type === 'faultApplied');
  const half = traced(day.events.slice(0, applied + 1));
  expect(named('phase method', half)).toMatchObject({ failure: 'unfinished', parentSpanId: spanIdOf(run, 'run') });
  expect(half.at(-1)).toMatchObject({ failure: 'the journal ends before the run did' });
});

test('without a beginning there is nothing to tell, and notes are bounded', () => {
  expect(traced(day.events.filter(({ type }) => type !== 'runStarted'))).toEqual([]);
  const [first] = day.events.filter(({ type }) => type === 'runStarted');
  const notes = Array.from({ length: NOTES_MAX + 9 }, (_, i): JournalEvent => ({ n: i + 2, atMs: 0, type: 'note', text: `${i}` }));
  const root = traced([...(first ? [first] : []), ...notes]).at(-1);
  expect(root?.notes.length).toBe(NOTES_MAX);
  // The finding has no room any more either.
  expect(root?.notesLost).toBe(10);
});

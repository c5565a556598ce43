import { expect, test } from 'vitest';
import { Notices } from '../../../src/interchange/webhooks/notice.js';
import type { JournalEvent } from '../../../src/journal/events.js';
import { gameDay } from '../../support/journal.js';

const { events } = gameDay({ pace: 0.2, ratePerSecond: 10 });
const started = events.find((event) => event.type === 'runStarted');
const PASS = { verdict: 'pass', exit: { code: 0, reason: 'every promise was kept' }, findings: [] };

/** What is told of a run whose start is followed by these. */
function toldOf(...rest: readonly JournalEvent[]) {
  const notices = new Notices();
  return [...(started ? [started] : []), ...rest].flatMap((event) => notices.heed(event) ?? []);
}
const at = (ms: number) => ({ n: 2, atMs: (started?.atMs ?? 0) + ms });

test('a run that goes its way is told of at its start and at its verdict, and at no other time', () => {
  const notices = new Notices();
  const told = events.flatMap((event) => notices.heed(event) ?? []);
  expect(told).toMatchObject([{ kind: 'start', title: 'gray-failure', run: started?.run, owner: 'shop-team', wallMs: started?.wallMs }]);
  const last = notices.judged(PASS);
  expect(last).toMatchObject({ kind: 'verdict', verdict: 'pass', exitCode: 0, reason: 'every promise was kept' });
  expect(last?.wallMs).toBeGreaterThan(started?.wallMs ?? 0);
});

test('an early end is told once, with what came first', () => {
  const told = toldOf(
    { ...at(500), type: 'stopTripped', condition: 'harmed', detail: '31 of 30' },
    { ...at(600), type: 'errorRaised', code: 'INTERNAL', message: 'and then this' },
    { ...at(900), type: 'runEnded', status: 'stopped', steadyState: 'met', cleanup: 'confirmed', reason: 'harmed' },
  );
  expect(told.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['start', undefined],
    ['stop', 'stop condition: harmed (31 of 30)'],
  ]);
  expect(told.at(-1)?.wallMs).toBe((started?.wallMs ?? 0) + 500);
});

test('a signal is an early end, too, and so is one that only its last event tells of; a completed run is none', () => {
  expect(toldOf({ ...at(1), type: 'signal', name: 'SIGINT' }).at(-1)?.reason).toBe('SIGINT from the operator');
  const ended = { ...at(1), type: 'runEnded', steadyState: 'met', cleanup: 'confirmed' } as const;
  expect(toldOf({ ...ended, status: 'error' }).at(-1)).toMatchObject({ kind: 'stop', reason: 'error' });
  expect(toldOf({ ...ended, status: 'completed' })).toHaveLength(1);
});

test('findings are told the worst first, in bounds, and a run that never started has no verdict', () => {
  const notices = new Notices();
  if (started) notices.heed(started);
  const finding = (verdict: string) => ({ name: verdict, check: 'c', verdict, summary: 'x'.repeat(9_999) });
  const findings = [...Array.from({ length: 60 }, () => finding('pass')), finding('fail'), finding('error')];
  const told = notices.judged({ ...PASS, findings })?.findings ?? [];
  expect(told.slice(0, 3).map(({ verdict }) => verdict)).toEqual(['error', 'fail', 'pass']);
  expect(told.length).toBe(50);
  expect(told[0]?.summary.length).toBe(500);
  expect(new Notices().judged(PASS)).toBeUndefined();
});

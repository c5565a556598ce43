import { expect, test } from 'vitest';
import { type Annotated, annotationsBetween } from '../../src/control/annotations.js';
import type { LiveEvent, RunStarted } from '../../src/orchestrator/run-news.js';
import { runNews } from '../support/run-news.js';

const { events: all } = runNews();
const started = all.find((event): event is RunStarted => event.type === 'runStarted');
const events = all.filter((event): event is LiveEvent => event.type !== 'runStarted');
const startedMs = started?.atMs ?? 0;
const WALL_MS = 1_700_000_000_000;

function annotated(over: Partial<Annotated> = {}) {
  const given = { started, events, windows: [], nowMs: startedMs + 3_600_000, toWallMs: (atMs: number) => WALL_MS + atMs - startedMs };
  return annotationsBetween({ ...given, ...over }, { fromMs: WALL_MS, toMs: WALL_MS + 3_600_000 });
}
const event = (atMs: number, rest: object): LiveEvent => ({ n: 1, atMs: startedMs + atMs, ...rest }) as LiveEvent;

test('a run and its phases are stretches of time, in order, the run first', () => {
  const [run, ...rest] = annotated();
  expect(run).toMatchObject({ time: WALL_MS, title: 'run gray-failure', tags: ['run', 'completed'] });
  const phases = rest.filter(({ tags }) => tags[0] === 'phase');
  expect(phases.map(({ title }) => title)).toEqual(['setup', 'baseline', 'method', 'heal', 'settle', 'teardown']);
  for (const { time, timeEnd = 0 } of phases) {
    expect(timeEnd).toBeGreaterThanOrEqual(time);
    expect(timeEnd).toBeLessThanOrEqual(run?.timeEnd ?? 0);
  }
});

test('what goes on ends now, and what happens at an instant has no end', () => {
  const told = annotated({
    nowMs: startedMs + 9_000,
    events: [
      event(100, { type: 'phaseStarted', phase: 'method' }),
      event(200, { type: 'gateOpened', gate: 'go', question: 'go on?', by: [], timeoutMs: 1 }),
      event(300, { type: 'note', text: 'looks slow', by: 'ana' }),
      event(400, { type: 'stopTripped', condition: 'harmed', detail: '4 of 3' }),
    ],
  });
  expect(told).toMatchObject([
    { title: 'run gray-failure', timeEnd: WALL_MS + 9_000, tags: ['run', 'running'] },
    { title: 'method', time: WALL_MS + 100, timeEnd: WALL_MS + 9_000 },
    { title: 'gate go', text: 'go on?', timeEnd: WALL_MS + 9_000 },
    { title: 'ana', text: 'looks slow', tags: ['note'] },
    { title: 'stop condition: harmed', text: '4 of 3', tags: ['stop'] },
  ]);
  expect(told.at(-1)).not.toHaveProperty('timeEnd');
});

test('faults are told without any run, too, and nothing that lies outside of what was asked for', () => {
  const window = {
    fault: 'by-hand',
    run: 'by-hand',
    type: 'abort',
    proxies: ['a->b'],
    fromMs: startedMs,
    toMs: startedMs + 50,
    how: 'healed',
  } as const;
  const windows = [window, { ...window, fromMs: startedMs - 900, toMs: startedMs - 1 }];
  expect(annotated({ started: undefined, events: [], windows })).toEqual([
    { time: WALL_MS, timeEnd: WALL_MS + 50, title: 'by-hand', text: 'abort on a->b; ended: healed', tags: ['fault', 'abort'] },
  ]);
});

test('of very many the newest are told', () => {
  const notes = Array.from({ length: 1_500 }, (_, i) => event(i, { type: 'note', text: `${i}` }));
  const told = annotated({ events: notes });
  expect(told.length).toBe(1_000);
  expect(told.at(-1)?.text).toBe('1499');
});

import { expect, test } from 'vitest';
import { FaultNews, TURNS_TOLD_PER_SECOND_MAX } from '../../src/dataplane/fault-news.js';
import type { FaultChange, Observation } from '../../src/journal/observations.js';
import { VirtualClock } from '../support/clock.js';
import { activeFault } from '../support/tcp.js';

function setUp() {
  const clock = new VirtualClock({ startMs: 0 });
  const told: FaultChange[] = [];
  const news = new FaultNews(clock, (observation: Observation) => told.push(observation as FaultChange));
  return { clock, told, news };
}

test('what is told says what the fault is like from then on', () => {
  const { clock, told, news } = setUp();
  const fault = activeFault({ type: 'noop', pulse: { active: '1s', dormant: '1s' }, percentage: 40, first: 1 }, { clock });
  news.tell(fault, 'applied');
  fault.turn(1_000);
  clock.advance(1_000);
  news.tell(fault, 'turned');
  expect(told).toEqual([
    { ...told[0], kind: 'fault', fault: fault.id, run: fault.run, change: 'applied', atMs: 0, isOn: true, percentage: 40, ...nothing },
    { kind: 'fault', fault: fault.id, run: fault.run, change: 'turned', atMs: 1_000, isOn: false, percentage: 40, ...nothing },
  ]);
  expect(told[0]).toMatchObject({ performs: 'noop', proxies: fault.spec.proxies });
});
const nothing = { matched: 0, appliedCount: 0, skipped: 0, overflow: 0, unread: 0 };

test('turns beyond the bound are counted, and the next that is told says how many', () => {
  const { clock, told, news } = setUp();
  const fault = activeFault({ type: 'noop' }, { clock });
  for (let n = 0; n < TURNS_TOLD_PER_SECOND_MAX + 7; n++) news.tell(fault, 'turned');
  expect(told).toHaveLength(TURNS_TOLD_PER_SECOND_MAX);
  clock.advance(1_000);
  news.tell(fault, 'turned');
  news.tell(fault, 'turned');
  expect(told.slice(-2).map(({ untold }) => untold)).toEqual([7, undefined]);
});

test('that a fault comes, goes or is changed is always told', () => {
  const { told, news } = setUp();
  const fault = activeFault({ type: 'noop' });
  for (let n = 0; n < TURNS_TOLD_PER_SECOND_MAX + 1; n++) news.tell(fault, 'turned');
  news.tell(fault, 'changed');
  news.tell(fault, 'healed');
  expect(told.slice(-2).map(({ change, untold }) => [change, untold])).toEqual([
    ['changed', 1],
    ['healed', undefined],
  ]);
});

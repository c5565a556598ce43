import { expect, test } from 'vitest';
import { doorStateOf } from '../../src/dataplane/door-state.js';
import { VirtualClock } from '../support/clock.js';
import { activeFault } from '../support/tcp.js';

const clock = new VirtualClock();
const fault = (given: Parameters<typeof activeFault>[0]) => activeFault(given, { clock });

test.each([
  [{ type: 'refuse' }, 'shut'],
  [{ type: 'refuse', connections: 'new' }, 'shut'],
  [{ type: 'slowOpen', value: { hang: true } }, 'mute'],
  [{ type: 'slowOpen', value: { hang: true, at: 'connection' } }, 'open'],
  [{ type: 'slowOpen', value: { delay: '3s' } }, 'open'],
  [{ type: 'refuse', value: { at: 'connection' } }, 'open'],
  [{ type: 'refuse', percentage: 99 }, 'open'],
  [{ type: 'refuse', source: '10.0.0.0/8' }, 'open'],
  [{ type: 'refuse', connections: 'existing' }, 'open'],
  [{ type: 'refuse', first: 3 }, 'open'],
  [{ type: 'refuse', nth: 3 }, 'open'],
  [{ type: 'refuse', every: 3 }, 'open'],
  [{ type: 'refuse', maxActive: 3 }, 'open'],
  [{ type: 'latency', value: { latency: '1s' } }, 'open'],
] as const)('%j: %s', (given, state) => {
  expect(doorStateOf([fault({ ...given })])).toBe(state);
});

test('the first fault that says so decides', () => {
  const faults = [fault({ type: 'noop' }), fault({ type: 'slowOpen', value: { hang: true } }), fault({ type: 'refuse' })];
  expect(doorStateOf(faults)).toBe('mute');
  expect(doorStateOf(faults.toReversed())).toBe('shut');
});

test('it opens while a pulse has the fault off, and shuts when a ramp has reached everybody', () => {
  const pulsed = fault({ type: 'refuse', pulse: { active: '1s', dormant: '2s' } });
  const ramped = fault({ type: 'refuse', ramp: { from: 50, to: 100, step: 50, every: '1s' } });
  expect([doorStateOf([pulsed]), doorStateOf([ramped])]).toEqual(['shut', 'open']);
  for (const it of [pulsed, ramped]) it.turn(clock.nowMs() + 1_000);
  expect([doorStateOf([pulsed]), doorStateOf([ramped])]).toEqual(['open', 'shut']);
});

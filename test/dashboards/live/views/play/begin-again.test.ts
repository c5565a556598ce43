import { expect, it } from 'vitest';
import { wishAfter, wishText } from '../../../../../dashboards/live/src/views/play/begin-again.js';
import type { LiveEvent, LiveGate, LiveRun } from '../../../../../src/control/live/contract.js';

const run = (name: string, ended: object | null = null) => ({ run: name, ended }) as LiveRun;
const closed = {
  n: 9,
  atMs: 9,
  type: 'gateClosed',
  gate: 'enough',
  decision: 'approved',
  by: 'ann',
  inputs: { fencing: 'off' },
} as LiveEvent;
const gate = (name: string) => ({ run: name }) as LiveGate;

it('a wish holds from the answer to the gate until the next run has come up', () => {
  const none = { events: [], gates: [] };
  expect(wishAfter(undefined, { ...none, run: null })).toBeUndefined();
  expect(wishAfter(undefined, { ...none, run: run('a'), gates: [gate('a')] })).toBeUndefined();
  const asked = wishAfter(undefined, { run: run('a'), events: [closed], gates: [] });
  expect(asked).toEqual({ run: 'a', by: 'ann', inputs: { fencing: 'off' } });
  expect(wishAfter(asked, { run: run('a', {}), events: [closed], gates: [] })).toEqual(asked);
  expect(wishAfter(asked, { ...none, run: run('b') })).toBe(asked);
  expect(wishAfter(asked, { ...none, run: run('b'), gates: [gate('b')] })).toBeUndefined();
  expect(wishAfter(asked, { ...none, run: run('b', {}) })).toBeUndefined();
});

it('an answer that sets nothing is no wish', () => {
  const { inputs: _inputs, ...enough } = closed as LiveEvent & { inputs: object };
  expect(wishAfter(undefined, { run: run('a'), events: [enough as LiveEvent], gates: [] })).toBeUndefined();
});

it('is told with what is set', () => {
  expect(wishText({ inputs: { fencing: 'off', depth: '0' } })).toBe('fencing off and depth 0');
});

import { describe, expect, it } from 'vitest';
import { processStates } from '../../../../dashboards/live/src/state/instance-now.js';
import type { LiveEvent } from '../../../../src/control/live/contract.js';
import { emptyPlan } from './snapshots.js';

const fault = {
  type: 'pause',
  performs: 'pause',
  links: [],
  processes: ['a-1'],
  instances: ['a-1'],
  durationMs: 1,
  minMatched: 0,
  summary: 'pause',
};
const plan = { ...emptyPlan, steps: [{ name: 'stop', kind: 'fault', startAfter: [], fault }] };
const started: LiveEvent = { n: 1, atMs: 1, type: 'serviceStarted', instance: 'a-1', pid: 1, address: 'x' };
const ready: LiveEvent = { n: 2, atMs: 2, type: 'serviceReady', instance: 'a-1', tookMs: 1 };
const on: LiveEvent = { n: 3, atMs: 3, type: 'faultApplied', fault: 'r/stop', step: 'stop' };
const off: LiveEvent = {
  n: 5,
  atMs: 5,
  type: 'faultEnded',
  fault: 'r/stop',
  step: 'stop',
  reason: 'duration',
  matched: 1,
  applied: 1,
  skipped: 0,
};
const exited: LiveEvent = { n: 4, atMs: 4, type: 'serviceExited', instance: 'a-1', code: null, signal: 'SIGKILL', expected: false };

describe('the process of an instance', () => {
  it('starts, is ready, is paused and goes on', () => {
    const state = (...events: LiveEvent[]) => processStates(plan, events).get('a-1');
    expect([state(started), state(started, ready), state(started, ready, on), state(started, ready, on, off)]).toEqual([
      'starting',
      'ready',
      'paused',
      'ready',
    ]);
  });

  it('does not come back from the dead by being let go, and does by starting again', () => {
    expect(processStates(plan, [started, ready, on, exited, off]).get('a-1')).toBe('gone');
    expect(processStates(plan, [started, ready, on, exited, off, started, ready]).get('a-1')).toBe('ready');
  });
});

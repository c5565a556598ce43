import { expect, it } from 'vitest';
import { whyNoClock } from '../../../../../dashboards/live/src/views/chaos/clock-refusal.js';
import type { RecordedPlan } from '../../../../../src/journal/events.js';

it('a clock can be set where the plan has a fault on it, and nowhere else', () => {
  const steps = [{ fault: { type: 'clockSkew', instances: ['a-1'] } }, { fault: { type: 'pause', instances: ['a-2'] } }, {}];
  const plan = { steps } as unknown as RecordedPlan;
  expect(whyNoClock(plan, 'a-1')).toBeUndefined();
  expect(whyNoClock(plan, 'a-2')).toContain('cannot be set');
  expect(whyNoClock(null, 'a-1')).toContain('cannot be set');
});

it('a clock can be set where people who play with the system can set it by a click', () => {
  const services = [
    { name: 'a', instances: ['a-1'] },
    { name: 'b', instances: ['b-1'] },
  ];
  const plan = { steps: [], services, play: { acts: [{ service: 'a', fault: { type: 'clockSkew' } }] } } as unknown as RecordedPlan;
  expect(whyNoClock(plan, 'a-1')).toBeUndefined();
  expect(whyNoClock(plan, 'b-1')).toContain('cannot be set');
});

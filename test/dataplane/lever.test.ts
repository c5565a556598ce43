import { expect, it } from 'vitest';
import { Lever } from '../../src/dataplane/lever.js';
import { VirtualClock } from '../support/clock.js';

it('the lever refuses with the first reason until it is released', () => {
  const lever = new Lever(new VirtualClock());
  lever.refuse();
  lever.pull('customers');
  lever.pull('again');
  expect(() => lever.refuse()).toThrow('halted since');
  expect(lever.pulled?.reason).toBe('customers');
  lever.release();
  lever.refuse();
});

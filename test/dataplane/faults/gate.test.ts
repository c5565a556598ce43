import { expect, it } from 'vitest';
import { Gate } from '../../../src/dataplane/faults/gate.js';

it('a gate tells what waits for it once, in the order in which it came', () => {
  const gate = new Gate();
  const told: string[] = [];
  gate.whenOpen(() => told.push('first'));
  gate.whenOpen(() => told.push('second'));
  expect([gate.isOpen, told]).toEqual([false, []]);
  gate.open();
  gate.open();
  expect([gate.isOpen, told]).toEqual([true, ['first', 'second']]);
});

it('a gate does not tell what has stopped waiting, be it while it opens', () => {
  const gate = new Gate();
  const told: string[] = [];
  gate.whenOpen(() => {
    told.push('first');
    forgetThird();
  });
  const forgetSecond = gate.whenOpen(() => told.push('second'));
  const forgetThird = gate.whenOpen(() => told.push('third'));
  forgetSecond();
  gate.open();
  expect(told).toEqual(['first']);
});

it('a gate that is open makes nobody wait', () => {
  const gate = new Gate();
  gate.open();
  let told = 0;
  const forget = gate.whenOpen(() => {
    told += 1;
  });
  forget();
  expect(told).toBe(1);
});

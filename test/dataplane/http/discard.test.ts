import { expect, it } from 'vitest';
import { DISCARD_BYTES_MAX, Discard } from '../../../src/dataplane/http/discard.js';
import { VirtualClock } from '../../support/clock.js';

function discarding() {
  const clock = new VirtualClock();
  let givenUp = 0;
  const discard = new Discard(clock, () => {
    givenUp += 1;
  });
  return { clock, discard, givenUp: () => givenUp };
}

it('bears with a sender that ends in time', () => {
  const { clock, discard, givenUp } = discarding();
  discard.add(DISCARD_BYTES_MAX + 1);
  discard.start();
  discard.add(DISCARD_BYTES_MAX);
  clock.advance(1_000);
  discard.stop();
  clock.advance(100_000);
  expect([givenUp(), discard.isOn, clock.pending]).toEqual([0, false, 0]);
});

it('gives up once on one that sends too much', () => {
  const { clock, discard, givenUp } = discarding();
  discard.start();
  discard.add(DISCARD_BYTES_MAX);
  discard.add(1);
  discard.add(DISCARD_BYTES_MAX);
  clock.advance(100_000);
  expect([givenUp(), clock.pending]).toEqual([1, 0]);
});

it('gives up once on one that goes on for too long', () => {
  const { clock, discard, givenUp } = discarding();
  discard.start();
  clock.advance(5_001);
  discard.add(DISCARD_BYTES_MAX + 1);
  expect([givenUp(), clock.pending]).toEqual([1, 0]);
});

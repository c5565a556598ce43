import { expect, it } from 'vitest';
import { BodyCollector } from '../../../src/dataplane/http/body-collector.js';
import { VirtualClock } from '../../support/clock.js';

function collecting(bytesMax: number) {
  const clock = new VirtualClock();
  let givenUp = 0;
  const collector = new BodyCollector(clock, bytesMax, () => {
    givenUp += 1;
    collector.take();
  });
  return { clock, collector, givenUp: () => givenUp };
}

it('keeps a body up to its bound, and gives up with the byte beyond it', () => {
  const { clock, collector, givenUp } = collecting(5);
  collector.add(Buffer.from('abc'));
  collector.add(Buffer.from('de'));
  expect(givenUp()).toBe(0);
  collector.add(Buffer.from('f'));
  expect([givenUp(), clock.pending]).toEqual([1, 0]);
});

it('hands the body over, and waits for nothing afterwards', () => {
  const { clock, collector, givenUp } = collecting(5);
  collector.add(Buffer.from('abc'));
  expect(collector.take().toString()).toBe('abc');
  clock.advance(100_000);
  expect([givenUp(), clock.pending]).toEqual([0, 0]);
});

it('waits ten seconds and no longer, whatever still trickles in', () => {
  const { clock, collector, givenUp } = collecting(1_000);
  for (let second = 0; second < 9; second++) {
    clock.advance(1_000);
    collector.add(Buffer.from('x'));
  }
  expect(givenUp()).toBe(0);
  clock.advance(1_001);
  expect(givenUp()).toBe(1);
});

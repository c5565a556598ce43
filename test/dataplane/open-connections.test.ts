import { expect, test } from 'vitest';
import { type OpenConnection, OpenConnections } from '../../src/dataplane/open-connections.js';

function connection(startMs: number, heldBytes = 0): OpenConnection & { cutBy: string[] } {
  const cutBy: string[] = [];
  return {
    startMs,
    heldBytes,
    cutBy,
    state: () => ({ source: '127.0.0.1', bytesUp: 1, bytesDown: 2, heldBytes, faults: [] }),
    cut: (reason) => cutBy.push(reason),
  };
}

test('a long list is told in pages, oldest first, with ages', () => {
  const open = new OpenConnections();
  for (const number of [3, 4, 8, 9]) open.add(number, connection(number * 10));
  const first = open.page({ after: 0, max: 2 }, 100);
  expect(first.map(({ connection: number, ageMs }) => [number, ageMs])).toEqual([
    [3, 70],
    [4, 60],
  ]);
  expect(open.page({ after: 4, max: 100 }, 100).map(({ connection: number }) => number)).toEqual([8, 9]);
  expect(open.page({ after: 9, max: 100 }, 100)).toEqual([]);
});

test('one is killed by its number, once it is there', () => {
  const open = new OpenConnections<ReturnType<typeof connection>>();
  const [one, two] = [connection(0), connection(0)];
  open.add(1, one);
  open.add(2, two);
  expect([open.kill(2), open.kill(3)]).toEqual([true, false]);
  expect([one.cutBy, two.cutBy]).toEqual([[], ['killed']]);
});

test('held bytes are those of all', () => {
  const open = new OpenConnections();
  open.add(1, connection(0, 10));
  open.add(2, connection(0, 32));
  expect(open.heldBytes).toBe(42);
});

test('the end of the last is waited for, and not waited for if there is none', async () => {
  const open = new OpenConnections();
  await open.ended();
  open.add(1, connection(0));
  open.add(2, connection(0));
  let isOver = false;
  const ended = open.ended().then(() => {
    isOver = true;
  });
  open.delete(1);
  await Promise.resolve();
  expect(isOver).toBe(false);
  open.delete(2);
  await ended;
  expect(open.size).toBe(0);
});

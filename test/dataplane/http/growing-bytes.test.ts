import { expect, it } from 'vitest';
import { GrowingBytes } from '../../../src/dataplane/http/growing-bytes.js';

it('collects pieces in order, copies them, and gives everything away at once', () => {
  const bytes = new GrowingBytes();
  const piece = Buffer.from('abc');
  for (let n = 0; n < 3_000; n++) bytes.add(piece);
  piece.fill(0);
  expect(bytes.length).toBe(9_000);
  expect(bytes.take().toString()).toBe('abc'.repeat(3_000));
  expect([bytes.length, bytes.roomBytes]).toEqual([0, 0]);
  expect(bytes.take()).toHaveLength(0);
});

it('takes no more than twice the room that its bytes need', () => {
  const bytes = new GrowingBytes();
  for (let n = 0; n < 100_000; n++) bytes.add(Buffer.from('x'));
  expect(bytes.roomBytes).toBeLessThanOrEqual(200_000);
});

import { expect, test } from 'vitest';
import { ReceiveBuffers } from '../../src/dataplane/receive-buffers.js';

test('hands out large buffers up to the bound, and the same ones again', () => {
  const buffers = new ReceiveBuffers({ largeBytes: 1024, largeCountMax: 2 });
  const [one, two] = [buffers.take(), buffers.take()];
  expect(buffers.take()).toBeUndefined();
  expect(buffers.takenCount).toBe(2);
  if (one) buffers.give(one);
  expect(buffers.takenCount).toBe(1);
  expect(buffers.take()).toBe(one);
  expect(two).not.toBe(one);
});

test('tells borrowed bytes from owned ones', () => {
  const buffers = new ReceiveBuffers({ sharedBytes: 1024, largeBytes: 1024 });
  const large = buffers.take() as Buffer;
  expect(buffers.holds(buffers.shared.subarray(3, 9))).toBe(true);
  expect(buffers.holds(large.subarray(3, 9))).toBe(true);
  expect(buffers.holds(Buffer.from(large))).toBe(false);
});

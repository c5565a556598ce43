import { expect, test } from 'vitest';
import { ReceiveBuffers } from '../../../src/dataplane/wire/receive-buffers.js';

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

test('a buffer that was parted with is read into again once all of its bytes are back, in one piece', () => {
  const buffers = new ReceiveBuffers({ largeBytes: 1024 });
  const large = buffers.take() as Buffer;
  const kept = large.subarray(0, 900);
  buffers.part(large, kept);
  expect([buffers.holds(kept), buffers.takenCount]).toEqual([false, 0]);
  buffers.reclaim(kept.subarray(0, 500));
  buffers.reclaim(kept.subarray(500));
  buffers.reclaim(Buffer.from(kept));
  expect(buffers.take()?.buffer).not.toBe(large.buffer);
  buffers.reclaim(kept);
  expect(buffers.holds(kept)).toBe(true);
  expect(buffers.take()?.buffer).toBe(large.buffer);
  buffers.reclaim(kept);
  expect(buffers.take()?.buffer, 'it came back once').not.toBe(large.buffer);
});

test('what bulk has left behind goes when somebody has gone quiet', () => {
  const buffers = new ReceiveBuffers({ largeBytes: 1024, largeCountMax: 2 });
  const quiet = buffers.take() as Buffer;
  const kept = Array.from({ length: 10 }, () => {
    const large = buffers.take() as Buffer;
    buffers.part(large, large);
    return large;
  });
  for (const bytes of kept) buffers.reclaim(bytes);
  expect(kept.filter((bytes) => buffers.holds(bytes))).toHaveLength(10);
  buffers.give(quiet);
  expect([...kept, quiet].filter((bytes) => buffers.holds(bytes))).toHaveLength(2);
  expect(buffers.takenCount).toBe(0);
});

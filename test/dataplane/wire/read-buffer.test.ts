import { expect, test } from 'vitest';
import { ReadBuffer } from '../../../src/dataplane/wire/read-buffer.js';
import { ReceiveBuffers } from '../../../src/dataplane/wire/receive-buffers.js';

const LARGE = 64 * 1024;

function create() {
  const buffers = new ReceiveBuffers({ sharedBytes: 1024, largeBytes: LARGE, largeCountMax: 2 });
  const reading = new ReadBuffer(buffers);
  const read = (...byteCounts: number[]) => byteCounts.map((byteCount) => reading.next(byteCount)).at(-1);
  return { buffers, reading, read };
}

test('a quiet socket reads into the shared buffer, a busy one into its own until it has been quiet for a while', () => {
  const { buffers, reading, read } = create();
  expect(reading.current).toBe(buffers.shared);
  expect(read(LARGE)).toBe(buffers.shared);
  const own = read(LARGE);
  expect(own).not.toBe(buffers.shared);
  expect(read(LARGE, LARGE, LARGE, 100, 100, 100)).toBe(own);
  expect(read(100)).toBe(buffers.shared);
  expect(buffers.takenCount).toBe(0);
});

test('one small read among large ones costs a socket nothing', () => {
  const { read } = create();
  const own = read(LARGE, LARGE);
  expect(read(100, LARGE)).toBe(own);
});

test('a buffer that was lent is replaced by another, or by the shared one when all are out', () => {
  const { buffers, reading, read } = create();
  const lent = [read(LARGE, LARGE)];
  expect(reading.holding(lent[0]?.subarray(0, 5) as Buffer)).toBe(lent[0]);
  reading.lend();
  expect(reading.current).toBe(buffers.shared);
  lent.push(read(LARGE));
  expect(lent[1]).not.toBe(lent[0]);
  reading.lend();
  expect(read(LARGE)).toBe(buffers.shared);
});

test('what fills most of a large buffer is kept where it stands, and anything else is copied', () => {
  const { buffers, reading, read } = create();
  const shared = reading.current.subarray(0, 10);
  expect(buffers.holds(reading.keep(shared))).toBe(false);
  const own = read(LARGE, LARGE) as Buffer;
  const most = own.subarray(0, LARGE - 1);
  expect(reading.keep(own.subarray(0, 10)).buffer).not.toBe(own.buffer);
  expect(reading.keep(most)).toBe(most);
  expect(buffers.holds(most)).toBe(false);
  expect(reading.current).toBe(buffers.shared);
});

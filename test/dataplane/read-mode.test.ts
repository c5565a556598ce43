import { expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { readMode, tryOnread } from '../../src/dataplane/read-mode.js';
import { accepted } from '../../src/dataplane/wire.js';

test('accepted sockets are read below the stream layer on this Node', async () => {
  expect(await readMode()).toBe('onread');
});

test('a take-over that throws is found out', async () => {
  const works = await tryOnread(hostClock, () => {
    throw new TypeError('socket._handle is not what it was');
  });
  expect(works).toBe(false);
});

test('a take-over that corrupts bytes is found out', async () => {
  const works = await tryOnread(hostClock, (socket, mode) => {
    const connection = accepted(socket, mode);
    const damaged = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(255, 0, 1);
    return { ...connection, wire: (handlers) => connection.wire({ ...handlers, data: (bytes) => handlers.data(damaged(bytes)) }) };
  });
  expect(works).toBe(false);
});

import { expect, test, vi } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { acceptHandle } from '../../../src/dataplane/wire/accept.js';
import { worksNatively } from '../../../src/dataplane/wire/wire-mode.js';
import { VirtualClock } from '../../support/clock.js';

test('native wires work on this Node, and are taken from then on', async () => {
  // What was found out is kept for a process's life, and other tests may have asked in this one.
  vi.resetModules();
  const { tryWireMode, workingMode } = await import('../../../src/dataplane/wire/wire-mode.js');
  expect(workingMode()).toBe('socket');
  expect(await tryWireMode()).toBe('native');
  expect(workingMode()).toBe('native');
});

test('internals that are not there are found out', async () => {
  const works = await worksNatively(hostClock, () => {
    throw new TypeError('handle.onread is not what it was');
  });
  expect(works).toBe(false);
});

test('internals that corrupt bytes are found out', async () => {
  const works = await worksNatively(hostClock, (handle) => {
    const accepted = acceptHandle(handle);
    const damaged = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(255, 0, 1);
    return { ...accepted, wire: (handlers) => accepted.wire({ ...handlers, data: (bytes) => handlers.data(damaged(bytes)) }) };
  });
  expect(works).toBe(false);
});

test('internals that lose the end are found out', async () => {
  const clock = new VirtualClock();
  const works = await worksNatively(clock, (handle) => {
    const accepted = acceptHandle(handle);
    return { ...accepted, wire: (handlers) => accepted.wire({ ...handlers, end: () => clock.advance(60_000) }) };
  });
  expect(works).toBe(false);
});

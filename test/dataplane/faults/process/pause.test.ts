import { expect, it } from 'vitest';
import { pause } from '../../../../src/dataplane/faults/process/pause.js';

it('pause stops a process altogether, and whoever asks it waits', () => {
  expect(pause.act({})).toEqual({ kind: 'hold' });
  expect(pause.harm?.({})).toEqual({ kind: 'waits', forMs: Number.POSITIVE_INFINITY });
});

import { expect, it } from 'vitest';
import { crash } from '../../../../src/dataplane/faults/process/crash.js';

it('crash kills, and starts again unless it is told not to', () => {
  expect(crash.act(crash.schema.parse({}))).toEqual({ kind: 'kill', startsAgain: true });
  expect(crash.act({ restart: false })).toEqual({ kind: 'kill', startsAgain: false });
});

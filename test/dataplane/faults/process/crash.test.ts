import { expect, it } from 'vitest';
import { crash } from '../../../../src/dataplane/faults/process/crash.js';

it('crash kills, and starts again unless it is told not to', () => {
  expect(crash.act(crash.schema.parse({}))).toEqual({ kind: 'kill', startsAgain: true, data: 'same' });
  expect(crash.act(crash.schema.parse({ restart: false }))).toEqual({ kind: 'kill', startsAgain: false, data: 'same' });
});

it('crash gives whoever starts again other data, and nobody else', () => {
  expect(crash.act(crash.schema.parse({ data: 'stale' }))).toMatchObject({ data: 'copy' });
  expect(crash.schema.safeParse({ restart: false, data: 'empty' }).error?.issues).toMatchObject([{ path: ['data'] }]);
  expect(crash.schema.safeParse({ data: 'old' }).success).toBe(false);
});

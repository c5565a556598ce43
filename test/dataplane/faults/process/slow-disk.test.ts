import { expect, it } from 'vitest';
import { slowDisk } from '../../../../src/dataplane/faults/process/slow-disk.js';

it('slowDisk lets files be waited for as long as it is told', () => {
  expect(slowDisk.act(slowDisk.schema.parse({ latency: '100ms' }))).toEqual({ kind: 'slowFiles', latencyMs: 100 });
});

it.each([[{}], [{ latency: 0 }], [{ latency: '2m' }], [{ latency: '100ms', share: 20 }]])('slowDisk refuses %o', (value) => {
  expect(slowDisk.schema.safeParse(value).success).toBe(false);
});

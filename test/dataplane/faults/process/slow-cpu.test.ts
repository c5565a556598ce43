import { expect, it } from 'vitest';
import { slowCpu } from '../../../../src/dataplane/faults/process/slow-cpu.js';

it('slowCpu lets a process run for its share', () => {
  expect(slowCpu.act(slowCpu.schema.parse({ share: '20%' }))).toEqual({ kind: 'hold', runPercent: 20 });
});

it.each([0, 100, 120])('slowCpu refuses a share of %i', (share) => {
  expect(slowCpu.schema.safeParse({ share }).success).toBe(false);
});

import { expect, it } from 'vitest';
import { slowCpu } from '../../../../src/dataplane/faults/process/slow-cpu.js';

it('slowCpu leaves a process its share, as the machine can do it or as the plan says', () => {
  expect(slowCpu.act(slowCpu.schema.parse({ share: '20%' }))).toEqual({ kind: 'ration', percent: 20, by: 'either' });
  expect(slowCpu.act(slowCpu.schema.parse({ share: 5, by: 'turns' }))).toEqual({ kind: 'ration', percent: 5, by: 'turns' });
});

it.each([{ share: 0 }, { share: 100 }, { share: 120 }, { share: 20, by: 'magic' }, {}])('slowCpu refuses %j', (value) => {
  expect(slowCpu.schema.safeParse(value).success).toBe(false);
});

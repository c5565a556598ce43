import { expect, test } from 'vitest';
import { noop } from '../../../../src/dataplane/faults/tcp/noop.js';
import { effectsOf } from '../../../support/effects.js';
import { contextOf, data } from '../../../support/pipeline.js';

test('everything passes at once', () => {
  const transform = noop.open({}, contextOf());
  for (const signal of [{ kind: 'open' } as const, data('a'), { kind: 'end' } as const])
    expect(effectsOf(transform, signal)).toEqual(['pass 0']);
});

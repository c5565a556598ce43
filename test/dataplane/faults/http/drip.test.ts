import { describe, expect, it } from 'vitest';
import { drip } from '../../../../src/dataplane/faults/http/drip.js';
import { decider } from '../../../support/http-fault.js';

describe('drip', () => {
  it('is a byte at a time unless told otherwise, and changes no length', () => {
    expect(drip.schema.parse({ interval: '1s' })).toEqual({ size: 1, interval: 1_000 });
    expect(decider(drip, { interval: '1s' })()).toMatchObject({ kind: 'edit', body: { kind: 'stream', length: 'same' } });
  });

  it.each([{}, { interval: 5 }, { interval: '0ms' }, { interval: '1s', size: '0B' }, { interval: '1s', size: 1 }, { size: '1B' }])(
    'refuses %j',
    (value) => {
      expect(drip.schema.safeParse(value).success).toBe(false);
    },
  );
});

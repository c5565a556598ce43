import { describe, expect, it } from 'vitest';
import { throttle } from '../../../../src/dataplane/faults/http/throttle.js';
import { decider } from '../../../support/http-fault.js';

describe('throttle', () => {
  it('is for each message unless told otherwise, and changes no length', () => {
    expect(throttle.schema.parse({ rate: '1KB/s' })).toEqual({ rate: 1_000, share: 'message' });
    expect(decider(throttle, { rate: '1KB/s' })()).toMatchObject({ kind: 'edit', body: { kind: 'stream', length: 'same' } });
  });

  it.each([{}, { rate: 1_000 }, { rate: '-1KB/s' }, { rate: '1KB' }, { rate: '1KB/s', share: 'all' }, { rate: '1KB/s', size: '1B' }])(
    'refuses %j',
    (value) => {
      expect(throttle.schema.safeParse(value).success).toBe(false);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { resetExchange } from '../../../../src/dataplane/faults/http/reset-exchange.js';
import { decider } from '../../../support/http-fault.js';

describe('resetExchange', () => {
  it('resets, and takes no parameters', () => {
    expect(decider(resetExchange)()).toEqual({ kind: 'reset' });
    expect(resetExchange.schema.safeParse({ after: '1s' }).success).toBe(false);
  });
});

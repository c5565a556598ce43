import { describe, expect, it } from 'vitest';
import { emptyResponse } from '../../../../src/dataplane/faults/http/empty-response.js';
import { decider } from '../../../support/http-fault.js';

describe('emptyResponse', () => {
  it('ends the connection in order, without a byte', () => {
    expect(decider(emptyResponse)()).toEqual({ kind: 'raw', bytes: Buffer.alloc(0), ending: 'close' });
  });

  it('has nothing to choose', () => {
    expect(emptyResponse.schema.safeParse({ status: 200 }).success).toBe(false);
  });
});

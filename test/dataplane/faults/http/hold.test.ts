import { describe, expect, it } from 'vitest';
import { hold } from '../../../../src/dataplane/faults/http/hold.js';
import { decider } from '../../../support/http-fault.js';

describe('hold', () => {
  it.each([{ limit: '0s' }, { limit: 30 }, { limit: '25h' }, { until: 'x' }])('refuses %j', (value) => {
    expect(hold.schema.safeParse(value).success).toBe(false);
  });

  it('holds for as long as it takes, or up to its limit', () => {
    expect(decider(hold)()).toMatchObject({ kind: 'hold', limitMs: Number.POSITIVE_INFINITY });
    expect(decider(hold, { limit: '30s' })()).toMatchObject({ kind: 'hold', limitMs: 30_000 });
  });
});

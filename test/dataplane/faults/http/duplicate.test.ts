import { describe, expect, it } from 'vitest';
import { duplicate } from '../../../../src/dataplane/faults/http/duplicate.js';
import { decider } from '../../../support/http-fault.js';

describe('duplicate', () => {
  it.each([{ copies: 0 }, { copies: 11 }, { copies: 1.5 }, { copies: '2' }, { delay: 5 }, { delay: '-1s' }, { times: 2 }])(
    'refuses %j',
    (value) => {
      expect(duplicate.schema.safeParse(value).success).toBe(false);
    },
  );

  it('sends one more at once, unless told otherwise', () => {
    expect(decider(duplicate)()).toEqual({ kind: 'duplicate', copies: 1, delayMs: 0 });
    expect(decider(duplicate, { copies: 3, delay: '5s' })()).toEqual({ kind: 'duplicate', copies: 3, delayMs: 5_000 });
  });
});

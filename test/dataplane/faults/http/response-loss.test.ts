import { describe, expect, it } from 'vitest';
import { responseLoss } from '../../../../src/dataplane/faults/http/response-loss.js';
import { answer, decider } from '../../../support/http-fault.js';

describe('responseLoss', () => {
  it.each([{ ending: 'later' }, { ending: null }, { after: '1s' }])('refuses %j', (value) => {
    expect(responseLoss.schema.safeParse(value).success).toBe(false);
  });

  it('loses the answer, silently unless told otherwise', () => {
    expect(decider(responseLoss)({ response: answer() })).toEqual({ kind: 'lose', ending: 'hang' });
    expect(decider(responseLoss, { ending: 'reset' })({ response: answer() })).toEqual({ kind: 'lose', ending: 'reset' });
  });
});

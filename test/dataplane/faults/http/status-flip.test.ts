import { describe, expect, it } from 'vitest';
import { statusFlip } from '../../../../src/dataplane/faults/http/status-flip.js';
import { answer, decider } from '../../../support/http-fault.js';

describe('statusFlip', () => {
  it.each([{ success: 199 }, { success: 204 }, { failure: 304 }, { failure: 600 }, { success: '500' }, { to: 500 }])(
    'refuses %j',
    (value) => {
      expect(statusFlip.schema.safeParse(value).success).toBe(false);
    },
  );

  it('turns success into failure and failure into success', () => {
    const decide = decider(statusFlip);
    const flipped = (status: number) => (decide({ response: answer(status) }) as { head: { status: number } }).head.status;
    expect([200, 201, 204, 304, 399, 400, 404, 503].map(flipped)).toEqual([500, 500, 500, 500, 500, 200, 200, 200]);
  });

  it('leaves the answer to a request for a tunnel alone', () => {
    const connect = 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n';
    expect(decider(statusFlip)({ response: answer(101) })).toEqual({ kind: 'continue' });
    expect(decider(statusFlip)({ request: connect, response: answer() })).toEqual({ kind: 'continue' });
  });
});

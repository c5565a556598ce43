import { describe, expect, it } from 'vitest';
import { exchangeEnd } from '../../../src/orchestrator/workloads/exchange-end.js';

describe('exchange end', () => {
  it.each([
    ['ECONNREFUSED', 'connectFailed'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connectFailed'],
    ['ECONNRESET', 'upstreamReset'],
    ['UND_ERR_SOCKET', 'upstreamClosed'],
    ['HPE_INVALID_CONSTANT', 'malformedResponse'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'malformedResponse'],
    ['SOMETHING_NEW', 'upstreamClosed'],
  ])('reads %s as %s', (code, end) => {
    expect(exchangeEnd(Object.assign(new Error('any words'), { code }))).toBe(end);
  });

  it.each([
    ['connect', 'connectFailed'],
    ['read', 'upstreamReset'],
  ])('reads ETIMEDOUT of %s as %s: only what never got there is certainly not done', (syscall, end) => {
    expect(exchangeEnd(Object.assign(new Error('any words'), { code: 'ETIMEDOUT', syscall }))).toBe(end);
  });
});

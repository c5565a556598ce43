import { describe, expect, it } from 'vitest';
import { isSuccess } from '../../src/journal/observations.js';

describe('an exchange', () => {
  it.each([
    [{ end: 'complete', status: 200 }, true],
    [{ end: 'complete', status: 404 }, true],
    [{ end: 'complete', status: 503 }, false],
    [{ end: 'clientClosed', status: 200 }, false],
    [{ end: 'complete' }, false],
    [{ end: 'complete', status: 200, grpcStatus: 0 }, true],
    // The caller's fault, as NOT_FOUND is; or a limit, as RESOURCE_EXHAUSTED is.
    [{ end: 'complete', status: 200, grpcStatus: 5 }, true],
    [{ end: 'complete', status: 200, grpcStatus: 8 }, true],
    [{ end: 'complete', status: 200, grpcStatus: 13 }, false],
    [{ end: 'complete', status: 200, grpcStatus: 14 }, false],
  ] as const)('%j is a success: %s', (exchange, expected) => {
    expect(isSuccess(exchange)).toBe(expected);
  });
});

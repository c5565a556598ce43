/**
 * What headers say that should say numbers: a figure that is none must not be compared with, or nothing is ever older than anything. And what was not done: was it
 * refused, or did it never get there?
 */
import { describe, expect, it } from 'vitest';
import { wireHistory, wireOperation } from '../../../src/verify/inference/wire-history.js';
import { type HistoryExchange, recordOf } from '../../support/histories.js';

const read = wireOperation.parse({
  f: 'read',
  method: 'GET',
  path: '/registers/{key}',
  told: { answerHeader: 'x-value' },
  version: { answerHeader: 'x-version' },
});

function readOf(answerTokens: Readonly<Record<string, string>>, output: 'text' | 'number' | 'figures' = 'text') {
  const exchange: HistoryExchange = { from: 'gateway-1', to: 'inventory-1', path: '/registers/k', startMs: 8_500, answerTokens };
  const shapes = { read: { input: 'none', output } } as const;
  return wireHistory(recordOf({ exchanges: [exchange] }).exchanges, { operations: [read], shapes }).operations[0];
}

describe('figures on the wire', () => {
  it('are taken where they are numbers', () => {
    expect(readOf({ 'x-value': 'a', 'x-version': '17' })).toMatchObject({ output: 'a', version: 17 });
    expect(readOf({ 'x-value': '3' }, 'number')).toMatchObject({ output: 3 });
    expect(readOf({ 'x-value': 'a=1,b=-2' }, 'figures')).toMatchObject({ output: { a: 1, b: -2 } });
  });

  it('are left out where they are too large to be told from their neighbours', () => {
    expect(readOf({ 'x-value': 'a', 'x-version': '9007199254740991' })).toMatchObject({ version: Number.MAX_SAFE_INTEGER });
    expect(readOf({ 'x-value': 'a', 'x-version': '9007199254740993' })).not.toHaveProperty('version');
  });

  it.each(['W/"17"', 'v17', '', ' ', 'NaN', 'Infinity'])('are left out where they are %j', (text) => {
    expect(readOf({ 'x-value': 'a', 'x-version': text })).not.toHaveProperty('version');
    expect(readOf({ 'x-value': text }, 'number')).not.toHaveProperty('output');
    expect(readOf({ 'x-value': `a=1,b=${text}` }, 'figures')).not.toHaveProperty('output');
  });
});

describe('what was not done', () => {
  const put = wireOperation.parse({ f: 'write', method: 'PUT', path: '/registers/{key}' });
  const shapes = { write: { input: 'none', output: 'none' } } as const;
  const outcomeOf = (told: Partial<HistoryExchange>) => {
    const exchange = { from: 'gateway-1', to: 'inventory-1', method: 'PUT', path: '/registers/k', startMs: 8_500, ...told };
    const [operation] = wireHistory(recordOf({ exchanges: [exchange] }).exchanges, { operations: [put], shapes }).operations;
    return [operation?.outcome, operation?.neverArrived];
  };

  it.each(['connectFailed', 'handshakeFailed', 'malformedRequest'] as const)(
    'never got there after %s, whatever the link answered',
    (end) => {
      expect(outcomeOf({ end })).toEqual(['failed', true]);
      expect(outcomeOf({ end, status: 409 })).toEqual(['failed', true]);
    },
  );

  it.each([400, 409, 412, 422])('was refused by %i, unless a fault may have said so', (status) => {
    expect(outcomeOf({ status })).toEqual(['failed', undefined]);
    expect(outcomeOf({ status, applied: ['r/f'] })).toEqual(['unknown', undefined]);
  });
});

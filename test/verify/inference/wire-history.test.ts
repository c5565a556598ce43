/** What headers say that should say numbers: a figure that is none must not be compared with, or nothing is ever older than anything. */
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

  it.each(['W/"17"', 'v17', '', ' ', 'NaN', 'Infinity'])('are left out where they are %j', (text) => {
    expect(readOf({ 'x-value': 'a', 'x-version': text })).not.toHaveProperty('version');
    expect(readOf({ 'x-value': text }, 'number')).not.toHaveProperty('output');
    expect(readOf({ 'x-value': `a=1,b=${text}` }, 'figures')).not.toHaveProperty('output');
  });
});

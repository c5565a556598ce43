import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../../src/lab/body.js';
import { StockAnswer } from '../../../src/lab/shop/stock-answer.js';

function told(...texts: readonly string[]): boolean {
  const answer = new StockAnswer();
  for (const text of texts) answer.add(Buffer.from(text));
  return answer.tellsStock();
}

describe('an answer of inventory', () => {
  it('tells the stock, in however many pieces it comes', () => {
    expect(told('{"instance":"inventory-1","key":"a","inStock":0}')).toBe(true);
    expect(told('{"inS', 'tock":', '7}')).toBe(true);
  });

  it.each([
    ['an error in place of it', '{"error":"no connection to the database"}'],
    ['an empty object', '{}'],
    ['a number that is a text', '{"inStock":"7"}'],
    ['JSON that is cut off', '{"inStock":7'],
    ['no JSON', 'fine'],
    ['nothing', ''],
    ['a list', '[7]'],
  ])('tells none with %s', (_what, text) => {
    expect(told(text)).toBe(false);
  });

  it('is not looked into beyond what any answer of inventory takes', () => {
    const rest = '{"inStock":7,"more":""}'.length;
    expect(told(`{"inStock":7,"more":"${'x'.repeat(BODY_BYTES_MAX - rest)}"}`)).toBe(true);
    expect(told(`{"inStock":7,"more":"${'x'.repeat(BODY_BYTES_MAX - rest)}"}`, ' ')).toBe(false);
  });
});

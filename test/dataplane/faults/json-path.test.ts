import { describe, expect, it, test } from 'vitest';
import { compileJsonPath, jsonPathSchema } from '../../../src/dataplane/faults/json-path.js';

const order = {
  customer: { tier: 'gold', id: 7 },
  items: [
    { sku: 'a', price: 3 },
    { sku: 'b', price: 30 },
  ],
  note: null,
  paid: true,
};
const texts = (path: string, value: unknown = order): string[] => [...compileJsonPath(path)(value)];

test.each([
  ['$.customer.tier', ['gold']],
  ['$.customer.id', ['7']],
  ['$.items[*].sku', ['a', 'b']],
  ['$.items[?@.price > 10].sku', ['b']],
  ['$.items[?match(@.sku, "[a-z]")].sku', ['a', 'b']],
  ['$.items[?search(@.sku, "b")].price', ['30']],
  ['$..price', ['3', '30']],
  ['$.note', ['null']],
  ['$.paid', ['true']],
  ['$.items[0]', ['{"sku":"a","price":3}']],
  ['$.missing', []],
  ['$', [JSON.stringify(order)]],
])('%s finds %j', (path, found) => {
  expect(texts(path)).toEqual(found);
});

test.each(['customer.tier', '$.', '$[?@.a', '$..', '', '$.items[?match(@.sku)]', '$.items[?hidden(@.sku)]'])('%j is no path', (path) => {
  expect(jsonPathSchema.safeParse(path).success).toBe(false);
});

describe('a body made to hurt', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;

  it('is not gone down without end', () => {
    expect(texts('$..x', deep(30_000))).toEqual([]);
    expect(texts('$', deep(30_000))).toEqual([]);
    expect(texts('$..x', { a: { b: { x: 1 } } })).toEqual(['1']);
  });

  it('cannot bring an expression that takes for ever, or one that is none', () => {
    const body = { text: `${'a'.repeat(50_000)}b`, pattern: '^(a+)+$', broken: '[' };
    expect(texts('$[?match(@, $.pattern)]', body)).toEqual([]);
    expect(texts('$[?search(@, $.broken)]', body)).toEqual([]);
    expect(texts('$[?search(@, $.pattern)]', { text: 'aaa', pattern: '^(a+)+$' })).toEqual(['aaa']);
  });

  it('has no names that it did not bring', () => {
    expect(texts('$.toString', {})).toEqual([]);
    expect(texts("$['__proto__']", {})).toEqual([]);
    expect(texts("$['__proto__']", JSON.parse('{"__proto__": 1}'))).toEqual(['1']);
  });
});

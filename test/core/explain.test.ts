/** What is said of input that a schema refuses: in our words, and never in those of zod. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainInLine } from '../../src/core/explain.js';
import { faults } from '../../src/dataplane/faults/catalog.js';

const schema = z.strictObject({
  wait: z.string().describe('a duration, like 250ms'),
  way: z.enum(['up', 'down']).optional(),
  status: z.number().int().min(200).max(599).optional(),
  headers: z.record(z.string().regex(/^[a-z-]+$/, 'expected the name of a header'), z.string()).optional(),
});
const said = (data: unknown, options: { at?: readonly string[]; what?: string; named?: (path: string) => string } = {}): string => {
  const { error } = schema.safeParse(data);
  if (error === undefined) throw new Error('the schema takes it');
  return explainInLine(error, { schema, data, ...options });
};

describe('a problem of input', () => {
  it.each([
    [{}, 'wait: expected a string, found nothing (a duration, like 250ms)'],
    [{ wait: 5 }, 'wait: expected a string, found 5'],
    [{ wait: '5s', wayy: 'up' }, 'wayy: unknown key; did you mean "way"?'],
    [{ wait: '5s', way: 'dwon' }, 'way: expected one of up, down, found "dwon"; did you mean "down"?'],
    [{ wait: '5s', status: 999 }, 'status: expected at most 599, found 999'],
    [{ wait: '5s', headers: { 'a b': '1' } }, 'headers.a b: expected the name of a header'],
  ])('of %j says where, what was expected and what was found', (data, expected) => expect(said(data)).toBe(expected));

  it('stands where the reader wrote it', () => {
    expect(said({ wait: 5 }, { at: ['value'] })).toBe('value.wait: expected a string, found 5');
    expect(said({ wait: 5 }, { named: (path) => `--${path}` })).toBe('--wait: expected a string, found 5');
    expect(said(7, { what: 'query' })).toBe('query: expected a map, found 7');
    expect(said(7, { at: ['value'], what: 'query' })).toBe('value: expected a map, found 7');
  });

  it.each(faults.all.map((fault) => [fault.name, fault.schema] as const))('of the parameters of %s is in these words', (_, params) => {
    for (const data of [7, [], { frequency: 1 }, { frequency: 1, delay: 5, status: 'x' }]) {
      const { error } = params.safeParse(data);
      expect(error && explainInLine(error, { schema: params, data })).not.toMatch(/Invalid|Unrecognized|Too (?:big|small)/);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { mapParts, type Schema } from '../../src/experiment/schema-parts.js';

describe('the parts of a schema', () => {
  it('are changed wherever the standard has schemas, each with the key under which it stands', () => {
    const places: string[] = [];
    const whole: Schema = {
      properties: { a: { type: 'string' } },
      items: { type: 'number' },
      anyOf: [{ type: 'boolean' }, { type: 'null' }],
      additionalProperties: false,
      if: { required: ['a'] },
      $defs: { part: { type: 'object' } },
    };
    const changed = mapParts(whole, 'here', (part, place) => {
      places.push(place);
      return { not: part };
    });
    expect(places).toEqual(['a', 'here', 'here', 'here', 'here', 'part']);
    expect(changed.properties).toEqual({ a: { not: { type: 'string' } } });
    expect(changed.additionalProperties).toBe(false);
  });

  it('are not what stands in examples, defaults and lists of words', () => {
    const whole: Schema = { default: { properties: {} }, examples: [{ items: {} }], required: ['items'], enum: ['a'] };
    expect(mapParts(whole, '', () => ({ not: {} }))).toEqual(whole);
  });
});

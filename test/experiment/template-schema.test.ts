// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { withTemplates } from '../../src/experiment/template-schema.js';

const schema = withTemplates({
  type: 'object',
  properties: {
    type: { const: 'abort' },
    count: { type: 'integer', minimum: 1, description: 'how many', default: 1 },
    mode: { enum: ['open', 'closed'] },
    confirm: { type: 'boolean' },
    list: { type: 'array', items: { type: 'number' } },
    name: { type: 'string' },
  },
});
const fits = new Ajv2020({ strict: false }).compile(schema);

describe('a schema for text with templates', () => {
  it('takes a template where a number, a truth value or a word of several is wanted, at any depth', () => {
    for (const key of ['count', 'mode', 'confirm']) expect(fits({ [key]: '${inputs.x}' }), key).toBe(true);
    expect(fits({ list: [1, '${item}'] })).toBe(true);
  });

  it('means what it did for everything else', () => {
    const good = [{ count: 2 }, { mode: 'open' }, { confirm: true }, { list: [1] }, { name: 'x' }, { type: 'abort' }];
    const bad = [{ count: 0 }, { count: 'two' }, { mode: 'opem' }, { confirm: 'yes' }, { list: ['1'] }, { type: '${inputs.type}' }];
    expect(good.filter((value) => !fits(value))).toEqual([]);
    expect(bad.filter((value) => fits(value))).toEqual([]);
  });

  it('keeps what is said of the value where an editor looks for it', () => {
    expect(schema.properties?.['count']).toMatchObject({ description: 'how many', default: 1 });
  });
});

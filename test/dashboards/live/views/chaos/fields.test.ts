import { describe, expect, it } from 'vitest';
import { fieldsOf, textsOf, valueOf } from '../../../../../dashboards/live/src/views/chaos/fields.js';
import { presetsFor } from '../../../../../dashboards/live/src/views/chaos/presets.js';
import { faults } from '../../../../../src/dataplane/faults/catalog.js';
import { misplacedKeys } from '../../../../../src/dataplane/faults/misplaced.js';
import { faultSpecSchema } from '../../../../../src/dataplane/faults/spec.js';
import { isLinkFault } from '../../../../../src/dataplane/faults/topology-fault.js';
import { partJsonSchema } from '../../../../../src/experiment/json-schema.js';

describe('a form made of a schema', () => {
  it.each(faults.all.map((fault) => [fault.name, fault] as const))('of %s gives back the example that it begins with', (_name, fault) => {
    const fields = fieldsOf(partJsonSchema(fault.schema) as object);
    const value = valueOf(fields, textsOf(fault.example));
    expect(value).toEqual(fault.example);
    expect(fault.schema.safeParse(value).success).toBe(true);
  });

  it('leaves out what was left as it is, and keeps units', () => {
    const fields = fieldsOf({
      properties: { delay: {}, count: {}, on: { type: 'boolean', default: true }, way: { enum: ['up', 'down'] } },
    });
    expect(fields.map(({ kind }) => kind)).toEqual(['free', 'free', 'flag', 'choice']);
    expect(valueOf(fields, { delay: '250ms', count: '3', on: '', way: 'up' })).toEqual({ delay: '250ms', count: 3, way: 'up' });
    expect(valueOf(fields, { delay: '{"a":1}', on: 'false', count: '{broken' })).toEqual({ delay: { a: 1 }, on: false, count: '{broken' });
  });
});

describe('a preset', () => {
  it.each(
    ['tcp', 'http', 'http2'].flatMap((protocol) => presetsFor(protocol).map((preset) => [protocol, preset.name, preset.fault] as const)),
  )('for %s named %s is a fault that such a link takes', (_protocol, _name, fault) => {
    const spec = faultSpecSchema.parse({ id: 'f', proxies: ['p'], ...fault });
    const definition = faults.get(spec.type);
    if (definition === undefined || !isLinkFault(definition)) throw new Error(`${spec.type} is on no link`);
    expect(definition.schema.safeParse(spec.value ?? {}).success).toBe(true);
    expect(misplacedKeys(definition, spec)).toEqual([]);
  });
});

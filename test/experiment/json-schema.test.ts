import { describe, expect, test } from 'vitest';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';
import { stubCatalogs } from '../support/catalogs.js';

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  items?: Node;
  oneOf?: Node[];
  $defs?: Record<string, Node>;
  $ref?: string;
  const?: unknown;
  required?: string[];
  additionalProperties?: unknown;
}

const schema = experimentJsonSchema(stubCatalogs) as Node;

/** What stands there, or what is referred to from there. */
function at(...keys: readonly (string | number)[]): Node {
  const follow = (node: unknown): unknown => {
    const reference = (node as Node | undefined)?.$ref;
    return reference === undefined ? node : schema.$defs?.[reference.replace('#/$defs/', '')];
  };
  return keys.reduce<unknown>((node, key) => follow((node as Record<string | number, unknown> | undefined)?.[key]), schema) as Node;
}

const fault = at('$defs', 'step', 'properties', 'fault');
const FAULT = ['$defs', 'step', 'properties', 'fault', 'oneOf'] as const;

describe('the JSON Schema of the language', () => {
  test('has one form of a fault for each fault of the catalog, with the parameters of that type', () => {
    const forms = fault.oneOf?.map((_form, i) => [
      at(...FAULT, i, 'properties', 'type').const,
      Object.keys(at(...FAULT, i, 'properties', 'value')?.properties ?? {}),
    ]);
    expect(forms?.slice(0, -1)).toEqual([
      ['abort', ['status', 'body']],
      ['delay', ['delay', 'jitter']],
      ['latency', ['latency', 'jitter']],
      ['blackhole', []],
    ]);
  });

  test('has the parameters of a topology fault beside its type, for they say whom it means', () => {
    const { type, unit, value } = fault.oneOf?.at(-1)?.properties ?? {};
    expect([type?.const, unit !== undefined, value]).toEqual(['partition', true, undefined]);
  });

  test('demands a duration of every fault', () => {
    expect(fault.oneOf).not.toEqual([]);
    for (const form of fault.oneOf ?? []) expect(form.required).toContain('duration');
  });

  test('has steps that are made of steps', () => {
    const step = { $ref: '#/$defs/step' };
    expect(at('$defs', 'experiment', 'properties', 'method').items).toEqual(step);
    expect(schema.$defs?.['step']?.properties?.['serial']?.items).toEqual(step);
    expect(schema.$defs?.['step']?.properties?.['wait']?.description).toBeTruthy();
  });

  test('knows a game day of several experiments by the key that nothing else has', () => {
    expect(at('allOf', 0)).toMatchObject({ if: { required: ['experiments'] }, else: { $ref: '#/$defs/experiment' } });
    expect(at('allOf', 1)).toMatchObject({ if: { not: { required: ['experiments'] } }, else: { $ref: '#/$defs/agenda' } });
    expect(Object.keys(at('$defs', 'agenda').properties ?? {})).toContain('experiments');
  });

  test('knows every check by name', () => {
    expect(Object.keys(at('$defs', 'experiment', 'properties', 'verify', 'items').properties ?? {})).toEqual([
      'name',
      'severity',
      ...stubCatalogs.checks.names,
    ]);
  });

  test('refuses unknown keys and describes every part of an experiment', () => {
    const { additionalProperties, properties = {} } = at('$defs', 'experiment');
    expect(additionalProperties).toBe(false);
    for (const key of Object.keys(properties)) expect(at('$defs', 'experiment', 'properties', key).description, key).toBeTruthy();
  });

  test('is small enough for an editor: what stands in several places is written once', () => {
    const whole = JSON.stringify(experimentJsonSchema());
    expect(whole.length).toBeLessThan(300_000);
  });
});

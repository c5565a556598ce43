import { describe, expect, it } from 'vitest';
import { shareParts } from '../../src/experiment/shared-parts.js';

const LONG =
  'a description that is long enough for the part to be worth a name, because a reference to it is shorter than it is itself, by far';
const path = () => ({ type: 'string' as const, description: LONG });
const match = () => ({ type: 'object' as const, properties: { path: path() }, description: LONG });

describe('JSON Schema with shared parts', () => {
  it('says once what stands twice, by the key under which it stands first', () => {
    const shared = shareParts({ properties: { match: match(), exclude: { anyOf: [match(), { type: 'null' }] } } });
    expect(shared).toEqual({
      properties: { match: { $ref: '#/$defs/match' }, exclude: { anyOf: [{ $ref: '#/$defs/match' }, { type: 'null' }] } },
      $defs: { match: match() },
    });
  });

  it('names a part of a shared part only if it stands elsewhere, too', () => {
    const shared = shareParts({ properties: { match: match(), exclude: match(), route: path() } });
    expect(shared.properties?.['route']).toEqual({ $ref: '#/$defs/path' });
    expect(shared.$defs?.['match']).toEqual({ ...match(), properties: { path: { $ref: '#/$defs/path' } } });
  });

  it('leaves alone what is short, and what only looks like a schema', () => {
    const short = { properties: { a: { type: 'string' as const }, b: { type: 'string' as const } } };
    expect(shareParts(short)).toEqual({ ...short, $defs: {} });
    const examples = { examples: [match(), match()], default: { properties: match() } };
    expect(shareParts(examples)).toEqual({ ...examples, $defs: {} });
  });

  it('keeps parts that have names already, and takes no name twice', () => {
    const step = { properties: { match: match() } };
    const shared = shareParts({ properties: { match: match() }, $defs: { step, match: { const: 1 } } });
    const reference = { $ref: '#/$defs/match2' };
    expect(shared).toEqual({
      properties: { match: reference },
      $defs: { step: { properties: { match: reference } }, match: { const: 1 }, match2: match() },
    });
  });
});

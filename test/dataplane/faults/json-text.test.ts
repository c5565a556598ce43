import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, type JsonObject, mergeJson, replaceMembers } from '../../../src/dataplane/faults/json-text.js';

/** RFC 7396 §2, word for word: what the patched value has to be, whatever the text. */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: JsonObject = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

describe('a merge patch', () => {
  it.each<[string, JsonObject, string]>([
    ['{"a":"b"}', { a: 'c' }, '{"a":"c"}'],
    ['{"a":"b","b":"c"}', { a: null }, '{"b":"c"}'],
    ['{"a":["b"]}', { a: 'c' }, '{"a":"c"}'],
    ['{"a":{"b":"c"}}', { a: { b: 'd', c: null } }, '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', { a: [1] }, '{"a":[1]}'],
    ['{"a":"foo"}', { a: { bb: { ccc: null } } }, '{"a":{"bb":{}}}'],
    ['["c","d"]', { a: 'c', b: null }, '{"a":"c"}'],
    ['{}', {}, '{}'],
  ])('of the RFC’s examples: %s', (text, patch, expected) => {
    expect(mergeJson(text, patch)).toBe(expected);
  });

  it('leaves all other text as it came: large numbers, spaces, doubled keys, escapes', () => {
    const text = '{ "id": 12345678901234567890,\n  "x": 1.0, "x": 2.50, "s":"\\u00e9\\/", "n": {"deep": [1e400, {}] } }';
    expect(mergeJson(text, { n: { deep: 1 } })).toBe(text.replace('[1e400, {}]', '1'));
    expect(mergeJson(text, { id: 7 })).toBe(text.replace('12345678901234567890', '7'));
  });

  it('is that of the RFC for any text and patch', () => {
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const name = fc.constantFrom('a', 'b', 'c', '', '__proto__x', '0', '"');
    const value: fc.Arbitrary<Json> = fc.letrec<{ node: Json; object: JsonObject }>((tie) => ({
      node: fc.oneof({ maxDepth: 3 }, json, fc.constant(null), tie('object')),
      object: fc.dictionary(name, tie('node'), { noNullPrototype: true, maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
    })).object;
    const patch = value as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(value, patch, fc.nat(3), (target, changes, space) => {
        const result = mergeJson(JSON.stringify(target, null, space), changes);
        expect(JSON.parse(result ?? '')).toEqual(JSON.parse(JSON.stringify(mergePatch(target, changes))));
      }),
    );
  });

  it.each(['', 'no', '{"a":1,}', '{"a":1} // why', '\ufeff{"a":1}'])('leaves alone what is not JSON: %j', (text) => {
    expect(mergeJson(text, { a: 2 })).toBeUndefined();
  });

  it('leaves alone what is nested too deep, and is not fooled by brackets within strings', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(mergeJson(deep(1_000_000), { b: 1 })).toBeUndefined();
    expect(mergeJson(`{"s":"${']'.repeat(2_000)}","a":${deep(150_000)}}`, { b: 1 })).toBeUndefined();
    expect(mergeJson(`{"s":"${'['.repeat(2_000)}"}`, { s: 1 })).toBe('{"s":1}');
    expect(mergeJson(deep(100), { a: 1 })).toBe('{"a":1}');
  });
});

describe('replacing members', () => {
  it('asks about strings and numbers that are members, and about nothing else', () => {
    const asked: unknown[] = [];
    const text = '{"a":1,"b":["x",2,{"c":"y"}],"d":null,"e":true,"f":{}}';
    expect(replaceMembers(text, (name, value) => void asked.push([name, value]))).toBe(text);
    expect(asked).toEqual([
      ['a', 1],
      ['c', 'y'],
    ]);
  });

  it('puts the new value in place of the old and changes no other text', () => {
    const text = '{ "exp" : 1700000000 , "id":12345678901234567890,"in":[{"exp":"x"}]}';
    expect(replaceMembers(text, (name, value) => (name === 'exp' ? `was ${value}` : undefined))).toBe(
      '{ "exp" : "was 1700000000" , "id":12345678901234567890,"in":[{"exp":"was x"}]}',
    );
  });

  it('leaves alone what is not JSON', () => {
    expect(replaceMembers('{"a":1', () => 2)).toBeUndefined();
  });
});

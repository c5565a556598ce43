import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { type JsonMutation, mutateJson } from '../../../src/dataplane/faults/json-mutation.js';

const ORDER =
  '{ "id": "A-7", "price": 12.50, "paid": true, "lines": [1, 20, {"price": -3e2}], "note": null, "sum" : 1000000000000000000001 }';

function mutated(text: string, given: Partial<JsonMutation>, seed = 1): string | undefined {
  const random = drawStream(keyedDraw({ seed, faultId: 'mutation' }), 'body');
  return mutateJson(text, { percent: 100, kind: 'fields', members: undefined, ...given }, random);
}

/** Places at which two texts of one length differ. */
function differences(a: string, b: string): number[] {
  expect(b).toHaveLength(a.length);
  return Array.from(a, (_, i) => i).filter((i) => a[i] !== b[i]);
}

describe('a mutation of JSON', () => {
  it('of numbers changes one digit of each and nothing else', () => {
    const out = mutated(ORDER, { kind: 'numbers' }) as string;
    expect(out.replaceAll(/\d/g, '#'), 'the form stays').toBe(ORDER.replaceAll(/\d/g, '#'));
    expect(differences(ORDER, out), 'of five numbers').toHaveLength(5);
    expect(out).toContain('"A-7"');
    expect(out).toContain('e2}');
  });

  it('of fields changes strings, numbers and truths, and leaves null', () => {
    const out = mutated(ORDER, {}) as string;
    const [before, after] = [JSON.parse(ORDER), JSON.parse(out)];
    expect(after.paid).toBe(false);
    expect(after.note).toBe(null);
    expect(after.id).toMatch(/^[A-Z]-[0-9]$/);
    for (const name of ['id', 'price', 'sum']) expect(after[name], name).not.toEqual(before[name]);
  });

  it('keeps to the members that are named, and to what is inside of them', () => {
    expect(mutated(ORDER, { members: new Set(['paid']) })).toBe(ORDER.replace('true', 'false'));
    const lines = mutated(ORDER, { members: new Set(['lines']) }) as string;
    expect(lines.indexOf('"lines"')).toBe(ORDER.indexOf('"lines"'));
    for (const at of differences(ORDER, lines)) {
      expect(at).toBeGreaterThan(ORDER.indexOf('"lines"'));
      expect(at).toBeLessThan(ORDER.indexOf('"note"'));
    }
    expect(mutated(ORDER, { members: new Set(['nobody']) })).toBeUndefined();
  });

  it('hits about the share that was asked for, the same ones with the same draws', () => {
    const list = JSON.stringify(Array.from({ length: 2_000 }, (_, i) => i % 7));
    const out = mutated(list, { percent: 10, kind: 'numbers' }) as string;
    expect(Math.abs(differences(list, out).length - 200)).toBeLessThan(60);
    expect(mutated(list, { percent: 10, kind: 'numbers' })).toBe(out);
    expect(mutated(list, { percent: 10, kind: 'numbers' }, 2)).not.toBe(out);
  });

  it.each(['', '{', 'price=12', '{"a":1}{', '[null, "", "€"]', '{"price": null}'])('leaves %s as it is', (text) => {
    expect(mutated(text, {})).toBeUndefined();
  });

  it('is JSON of the same shape whatever the JSON was', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
    };
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('numbers' as const, 'fields' as const), (text, seed, kind) => {
        const out = mutated(text, { kind }, seed) ?? text;
        expect(shape(JSON.parse(out))).toEqual(shape(JSON.parse(text)));
      }),
    );
  });
});

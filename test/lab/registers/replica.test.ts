import { describe, expect, it } from 'vitest';
import { createReplica, newestOf, readVersioned } from '../../../src/lab/registers/replica.js';

const at = (wallMs: number, value = `v${wallMs}`) => ({ value, stamp: { wallMs, count: 0, node: 'a' } });

describe('a replica', () => {
  it('keeps what has the newest stamp, whenever it comes', () => {
    const replica = createReplica();
    expect([replica.put('k', at(5)), replica.put('k', at(4)), replica.put('k', at(6)), replica.put('other', at(1))]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect([replica.get('k')?.value, replica.get('other')?.value, replica.get('none')]).toEqual(['v6', 'v1', undefined]);
  });

  it('forgets what was made first rather than growing for ever', () => {
    const replica = createReplica();
    for (let i = 0; i <= 10_000; i++) replica.put(`k${i}`, at(1));
    expect([replica.get('k0'), replica.get('k1')?.value]).toEqual([undefined, 'v1']);
  });
});

describe('values with stamps', () => {
  it('have a newest, unless there is none', () => {
    expect(newestOf([undefined, at(1), at(3), undefined, at(2)])).toEqual(at(3));
    expect(newestOf([undefined, undefined])).toBeUndefined();
  });

  it('are read from what came, or not at all', () => {
    expect(readVersioned({ ...at(1) })).toEqual(at(1));
    expect(readVersioned({ value: 7, stamp: at(1).stamp })).toBeUndefined();
    expect(readVersioned({ value: 'v', stamp: {} })).toBeUndefined();
  });
});
